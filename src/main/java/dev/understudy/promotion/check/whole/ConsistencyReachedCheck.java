package dev.understudy.promotion.check.whole;

import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.postgres.Lsn;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.CheckResult.Builder;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.ControlFacts.Recovery;
import dev.understudy.server.facts.WalPositions;
import java.util.Optional;

/** Consistency that recovery has reached, by every sign that there is of it. */
public final class ConsistencyReachedCheck implements PromotionCheck {
    private static final String ID = "consistency-reached";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.standby().flatMap(view -> view.recovery()),
                facts.standby().flatMap(view -> view.positions()),
                (recovery, positions) -> judge(facts, recovery, positions));
    }

    private static CheckResult judge(PromotionFacts facts, Recovery recovery, WalPositions positions) {
        Builder result = CheckResult.builder(ID)
                .seen("pg_control_recovery()", "backup start location " + recovery.backupStartPoint())
                .seen("pg_control_recovery()", "end-of-backup record required: " + recovery.backupEndRequired())
                .seen("pg_control_recovery()", "minimum recovery ending location " + recovery.minRecoveryPoint());
        positions.replayed().ifPresent(lsn -> result.seen("standby", "replayed up to " + lsn));
        if (!recovery.backupStartPoint().isInvalid() || recovery.backupEndRequired()) {
            return result.fail(
                    "Recovery is still inside a base backup: the copy is not consistent",
                    "Find out why its end does not come: understudy doctor");
        }
        Lsn minimum = recovery.minRecoveryPoint();
        Optional<Lsn> replayed = positions.replayed();
        if (!minimum.isInvalid()
                && replayed.filter(lsn -> lsn.isAtLeast(minimum)).isEmpty()) {
            return result.fail(
                    "Replay has not come to the minimum recovery ending location " + minimum,
                    "Wait until it has; understudy doctor tells what it waits for");
        }
        return label(facts, result);
    }

    /** A label that is still there would have the next start, after a crash say, begin from the backup once more. */
    private static CheckResult label(PromotionFacts facts, Builder result) {
        Optional<DirectoryFacts> directory = facts.directory().value();
        if (directory.filter(found -> found.has(BackupLabel.FILE_NAME)).isPresent()) {
            return result.seen("data directory", BackupLabel.FILE_NAME + " is there although recovery is past it")
                    .fail(
                            "A backup_label lies in the data directory: the next start would recover from it",
                            "Find out who put it there, and move it out of the data directory");
        }
        directory.ifPresent(found -> result.seen("data directory", "no " + BackupLabel.FILE_NAME));
        return result.pass("Consistent: out of any backup, and past the minimum recovery ending location");
    }
}
