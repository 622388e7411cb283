package dev.understudy.provision.preflight.check.wal;

import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.CopyEstimate;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.ArchiveProbe;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.request.WalWay;

/** A check that the plan's restore_command, run on the standby's machine, delivers a file the primary has archived and says no to one that does not exist. */
@CheckInfo(id = "restore-command", summary = "The restore_command delivers archived WAL on the standby's machine")
public final class RestoreCommandCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        if (facts.intent().restoreCommand().isEmpty()) {
            return facts.intent().walWay() == WalWay.ARCHIVE
                    ? fail("the plan takes WAL from an archive and has no restore_command")
                            .hint("Give restore_command, for example: cp /archive/%%f \"%%p\"")
                    : skipped("the plan has no restore_command");
        }
        Known<ArchiveProbe> probe = facts.archiveProbe().orElse(Known.unknown("it was not tried"));
        return probe.match(found -> judge(facts, found), this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ArchiveProbe probe) {
        String source = "restore_command on the standby's machine";
        if (probe.absentStatus() == 0) {
            return fail("restore_command ends with status 0 for a file that does not exist")
                    .seen("status 0 for a file that no archive can have", source)
                    .hint(
                            "It must end with another status when it has no file, or the standby climbs through time lines"
                                    + " that never were and never comes to its WAL.");
        }
        if (probe.status() != 0) {
            return fail("restore_command does not deliver \"%s\": status %d", probe.segment(), probe.status())
                    .seen(probe.error().isEmpty() ? "it wrote nothing" : probe.error(), source)
                    .hint("Run it by hand as the standby's account; the primary says that it archived this file.");
        }
        long expected = facts.primary().value().map(CopyEstimate::segmentBytes).orElse(probe.bytes());
        if (probe.bytes() != expected) {
            return fail(
                            "restore_command delivered \"%s\" with %d bytes; a segment has %d",
                            probe.segment(), Math.max(0, probe.bytes()), expected)
                    .seen("%d bytes".formatted(probe.bytes()), source)
                    .hint("The archive holds a broken or truncated file, or the command decompresses nothing.");
        }
        return pass("restore_command delivered \"%s\" and refused a file that does not exist", probe.segment())
                .seen("%d bytes, status 0; status %d".formatted(probe.bytes(), probe.absentStatus()), source);
    }
}
