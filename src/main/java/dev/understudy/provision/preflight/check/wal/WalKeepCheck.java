package dev.understudy.provision.preflight.check.wal;

import dev.understudy.provision.preflight.check.Amount;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.CopyEstimate;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.request.WalWay;
import dev.understudy.server.survey.ServerSurvey;
import java.util.Optional;

/** A check, for plans without a slot, of what else keeps the WAL between the end of the copy and the standby's first connection. */
@CheckInfo(id = "wal-keep", summary = "Without a slot, the primary keeps WAL until the standby has it")
public final class WalKeepCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        if (facts.intent().slot().isPresent()) {
            return skipped("a slot keeps the WAL");
        }
        return facts.primary().match(primary -> judge(facts, primary), this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey primary) {
        if (facts.intent().walWay() == WalWay.ARCHIVE
                || facts.intent().restoreCommand().isPresent()) {
            return pass("the standby's restore_command fetches what the primary has recycled");
        }
        long kept = keptBytes(primary);
        long expected = CopyEstimate.of(facts).map(CopyEstimate::walBytes).orElse(64L << 20);
        if (kept >= expected) {
            return pass("the primary keeps %s of WAL for whoever comes late", Amount.bytes(kept));
        }
        return warn(
                        "no slot and no archive: the primary keeps %s of WAL, and about %s are written until the standby"
                                + " follows",
                        Amount.bytes(kept), Amount.bytes(expected))
                .seen("wal_keep_size or wal_keep_segments", "pg_settings")
                .hint(
                        "Name a slot in the plan; or run on the primary: ALTER SYSTEM SET %s; SELECT pg_reload_conf();",
                        raise(primary, expected));
    }

    /** wal_keep_size counts megabytes (13 and newer), wal_keep_segments segments. */
    private static long keptBytes(ServerSurvey primary) {
        Optional<Long> size = primary.settings().number("wal_keep_size");
        return size.isPresent()
                ? size.get() << 20
                : primary.settings().number("wal_keep_segments").orElse(0L) * CopyEstimate.segmentBytes(primary);
    }

    private static String raise(ServerSurvey primary, long bytes) {
        return primary.settings().number("wal_keep_size").isPresent()
                ? "wal_keep_size = '" + ((2 * bytes >> 20) + 1) + "MB'"
                : "wal_keep_segments = " + (2 * bytes / CopyEstimate.segmentBytes(primary) + 1);
    }
}
