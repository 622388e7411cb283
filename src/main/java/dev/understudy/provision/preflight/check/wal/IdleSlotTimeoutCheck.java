package dev.understudy.provision.preflight.check.wal;

import dev.understudy.provision.preflight.check.Amount;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.CopyEstimate;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.survey.ServerSurvey;
import java.time.Duration;
import java.util.Optional;

/** A check that idle_replication_slot_timeout (18 and newer) is longer than the copy: a slot that is reserved but not streamed from is idle. */
@CheckInfo(
        id = "idle-slot-timeout",
        summary = "idle_replication_slot_timeout does not end the slot while the copy runs")
public final class IdleSlotTimeoutCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        if (facts.intent().slot().isEmpty()) {
            return skipped("the plan uses no slot");
        }
        return facts.primary().match(primary -> judge(facts, primary), this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey primary) {
        Optional<Long> setting = primary.settings().number("idle_replication_slot_timeout");
        if (setting.isEmpty()) {
            return pass(
                    "PostgreSQL %s does not end idle slots",
                    primary.identity().version().major());
        }
        if (setting.get() == 0) {
            return pass("idle_replication_slot_timeout is 0: idle slots are kept");
        }
        Duration limit = Duration.ofSeconds(setting.get());
        Optional<Duration> copy = CopyEstimate.of(facts).map(CopyEstimate::duration);
        String shown = Amount.duration(limit);
        if (copy.isPresent() && copy.get().multipliedBy(2).compareTo(limit) > 0) {
            return fail(
                            "idle_replication_slot_timeout is %s, and the copy may take %s: the slot would be"
                                    + " invalidated before the standby streams from it",
                            shown, Amount.duration(copy.get()))
                    .seen("idle_replication_slot_timeout = " + setting.get() + " s", "pg_settings")
                    .hint("%s", off());
        }
        return warn("idle_replication_slot_timeout is %s: the slot is idle until the standby streams from it", shown)
                .seen("idle_replication_slot_timeout = " + setting.get() + " s", "pg_settings")
                .hint("%s", off());
    }

    private static String off() {
        return "Until the standby follows, run on the primary: ALTER SYSTEM SET idle_replication_slot_timeout = 0;"
                + " SELECT pg_reload_conf();";
    }
}
