package dev.understudy.doctor.rule.configuration;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A recovery target that is left in a standby's configuration: it stops there, or is promoted. */
public final class RecoveryTargetLeftRule implements Rule {
    private static final String ID = "recovery-target-left";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        List<Sign> targets = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String name : TARGETS) {
            Optional<String> running =
                    View.standby(facts).flatMap(view -> view.setting(name)).filter(value -> !value.isEmpty());
            Optional<Sign> target = running.map(value -> new Sign("setting of the standby", name + " = " + value))
                    .or(() -> View.directory(facts)
                            .flatMap(found -> found.setting(name))
                            .filter(setting -> !setting.value().isEmpty())
                            .map(setting -> new Sign(setting.place(), name + " = " + setting.value())));
            target.ifPresent(sign -> {
                targets.add(sign);
                names.add(name);
            });
        }
        if (targets.isEmpty()) {
            return List.of();
        }
        Optional<LogEvent> reached = Stream.of("recovery-target-paused", "recovery-target-missed")
                .map(id -> View.event(facts, id))
                .flatMap(Optional::stream)
                .findFirst();
        Builder finding = reached.isPresent() ? Finding.error(ID, "standby") : Finding.warning(ID, "standby");
        targets.forEach(sign -> finding.seen(sign.source(), sign.detail()));
        finding.seen(reached.map(event -> View.sign(facts, event)));
        return List.of(finding.remedy(Remedy.byHand(
                        "clear-recovery-target",
                        "Clear the target and restart; do not resume replay, which could promote the standby",
                        RecoverySettings.remove(facts, names),
                        Cost.RESTART))
                .says(
                        reached.isPresent()
                                ? "The standby has stopped at a recovery target that was left in its configuration"
                                : "A recovery target is left in the standby's configuration"));
    }

    private static final List<String> TARGETS = List.of(
            "recovery_target",
            "recovery_target_lsn",
            "recovery_target_name",
            "recovery_target_time",
            "recovery_target_xid");
}
