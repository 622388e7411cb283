package dev.understudy.provision.preflight.check.wal;

import dev.understudy.provision.preflight.check.Amount;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.CopyEstimate;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.survey.ServerSurvey;
import java.util.Optional;

/** A check that max_slot_wal_keep_size is not below the WAL that is written while the copy runs: the slot would be invalidated in the middle of it. */
@CheckInfo(id = "slot-limit", summary = "max_slot_wal_keep_size lets the slot keep all WAL of the copy")
public final class SlotLimitCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        if (facts.intent().slot().isEmpty()) {
            return skipped("the plan uses no slot");
        }
        return facts.primary().match(primary -> judge(facts, primary), this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey primary) {
        long megabytes = primary.settings().number("max_slot_wal_keep_size").orElse(-1L);
        if (megabytes < 0) {
            return pass("a slot may keep any amount of WAL (max_slot_wal_keep_size = -1 or not known to this version)");
        }
        long limit = megabytes << 20;
        Optional<CopyEstimate> estimate = CopyEstimate.of(facts);
        if (estimate.isEmpty()) {
            return warn(
                            "max_slot_wal_keep_size is %s, and how much WAL the copy needs is not known",
                            Amount.bytes(limit))
                    .hint("%s", raise(0));
        }
        long needed = estimate.get().walBytes();
        if (limit < needed) {
            return fail(
                            "max_slot_wal_keep_size is %s, and the primary may write %s of WAL while the copy runs",
                            Amount.bytes(limit), Amount.bytes(needed))
                    .seen(estimate.get().basis(), "estimate")
                    .hint("%s", raise(2 * needed));
        }
        if (limit < 2 * needed) {
            return warn(
                            "max_slot_wal_keep_size is %s, not much more than the %s of WAL expected while the copy runs",
                            Amount.bytes(limit), Amount.bytes(needed))
                    .seen(estimate.get().basis(), "estimate")
                    .hint("%s", raise(2 * needed));
        }
        return pass(
                "max_slot_wal_keep_size is %s, the copy is expected to need %s",
                Amount.bytes(limit), Amount.bytes(needed));
    }

    private static String raise(long bytes) {
        String value = bytes == 0 ? "-1" : "'" + ((bytes >> 20) + 1) + "MB'";
        return "Until the standby follows, run on the primary: ALTER SYSTEM SET max_slot_wal_keep_size = " + value
                + "; SELECT pg_reload_conf();";
    }
}
