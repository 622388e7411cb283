package dev.understudy.doctor.rule.configuration;

import dev.understudy.doctor.facts.ConfiguredSetting;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import java.util.List;
import java.util.Optional;

/** A standby that is told to replay late. */
public final class ApplyDelayRule implements Rule {
    private static final String ID = "apply-delay";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<String> running = View.standby(facts)
                .flatMap(view -> view.setting("recovery_min_apply_delay"))
                .filter(value -> !value.equals("0"))
                .map(value -> value + " ms");
        Optional<ConfiguredSetting> configured = View.directory(facts)
                .flatMap(found -> found.setting("recovery_min_apply_delay"))
                .filter(setting -> !setting.value().matches("0\\s*[a-z]*|"));
        if (running.isEmpty()
                && (configured.isEmpty()
                        || View.standby(facts)
                                .flatMap(view -> view.settings().value())
                                .filter(all -> all.containsKey("recovery_min_apply_delay"))
                                .isPresent())) {
            return List.of();
        }
        return List.of(Finding.warning(ID, "standby")
                .seen(running.map(value -> new Sign("recovery_min_apply_delay of the standby", value)))
                .seen(configured.map(
                        setting -> new Sign(setting.place(), "recovery_min_apply_delay = " + setting.value())))
                .remedy(Remedy.byHand(
                        "end-apply-delay",
                        "If it is not meant to be late, end the delay",
                        RecoverySettings.areOwnFile(facts)
                                ? RecoverySettings.remove(facts, List.of("recovery_min_apply_delay"))
                                : "ALTER SYSTEM SET recovery_min_apply_delay = 0; SELECT pg_reload_conf();",
                        RecoverySettings.areOwnFile(facts) ? Cost.RESTART : Cost.SECONDS))
                .says("The standby replays late, because recovery_min_apply_delay tells it to"));
    }
}
