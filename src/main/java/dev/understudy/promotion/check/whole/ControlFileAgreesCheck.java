package dev.understudy.promotion.check.whole;

import dev.understudy.pgfile.control.ClusterState;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.CheckResult.Builder;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.ControlSample;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A control file on disk that says what the running server says. */
public final class ControlFileAgreesCheck implements PromotionCheck {
    private static final String ID = "control-file-agrees";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        if (!facts.directory().isKnown()) {
            return CheckResult.skipped(ID, facts.directory().reason());
        }
        return CheckResult.of(
                ID,
                facts.standby(),
                facts.whole().before(),
                (standby, before) -> CheckResult.of(
                        ID,
                        facts.whole().file(),
                        facts.whole().after(),
                        (file, after) -> judge(standby.identity().inRecovery(), before, file, after)));
    }

    private static CheckResult judge(boolean inRecovery, ControlSample before, ControlFile file, ControlSample after) {
        Builder result = CheckResult.builder(ID)
                .seen(
                        "pg_control",
                        "state \"%s\", checkpoint %s".formatted(file.state().words(), file.checkpointLsn()))
                .seen(
                        "pg_control_checkpoint()",
                        "checkpoint %s before and %s after".formatted(before.checkpointLsn(), after.checkpointLsn()));
        List<String> differing = new ArrayList<>();
        compare(differing, "system identifier", file.systemIdentifier(), after.systemIdentifier());
        compare(differing, "control version", file.controlVersion(), after.controlVersion());
        compare(differing, "catalog version", file.catalogVersion(), after.catalogVersion());
        compare(differing, "block size", file.sizes().blockSize(), after.blockSize());
        compare(differing, "WAL segment size", file.sizes().walSegmentBytes(), after.walSegmentBytes());
        compare(differing, "checksum version", file.sizes().dataChecksumVersion(), after.checksumVersion());
        boolean between = file.checkpointLsn().isAtLeast(before.checkpointLsn())
                && after.checkpointLsn().isAtLeast(file.checkpointLsn());
        if (!between) {
            differing.add("checkpoint %s, which the server has not had between the two questions"
                    .formatted(file.checkpointLsn()));
        }
        if (inRecovery != (file.state() == ClusterState.IN_ARCHIVE_RECOVERY)) {
            differing.add("state \"%s\", and the server is %s"
                    .formatted(file.state().words(), inRecovery ? "in recovery" : "not in recovery"));
        }
        differing.forEach(each -> result.seen("pg_control", each));
        return differing.isEmpty()
                ? result.pass("pg_control in the data directory agrees with what the server says")
                : result.fail(
                        "pg_control in the data directory does not agree with the server: " + differing.get(0),
                        "See whether -D is this server's directory (SHOW data_directory); if it is, do not promote:"
                                + " somebody has changed the file");
    }

    private static void compare(List<String> differing, String what, Object file, Object server) {
        if (!Objects.equals(file, server)) {
            differing.add("%s %s, and the server says %s".formatted(what, file, server));
        }
    }
}
