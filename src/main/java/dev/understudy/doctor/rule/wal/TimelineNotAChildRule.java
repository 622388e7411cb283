package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import java.util.List;
import java.util.Optional;

/** A standby that is told to follow a timeline which does not come from its own. */
public final class TimelineNotAChildRule implements Rule {
    private static final String ID = "timeline-not-a-child";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<LogEvent> event =
                View.anyUnresolved(facts, "timeline-not-a-child", "timeline-unknown", "timeline-behind");
        if (event.isEmpty()) {
            return List.of();
        }
        Optional<String> target =
                View.setting(facts, "recovery_target_timeline").filter(value -> !value.isEmpty());
        Builder finding = Finding.error(ID, "standby")
                .seen(Optional.of(View.sign(facts, event.get())))
                .seen(target.map(value -> new Sign("recovery_target_timeline", value)));
        new Divergence(facts).show(finding);
        if (target.filter(value -> !value.equals("latest")).isPresent()) {
            finding.remedy(Remedy.byHand(
                    "follow-latest",
                    "If the number is a mistake, follow the latest timeline",
                    "ALTER SYSTEM SET recovery_target_timeline = 'latest';  -- and restart",
                    Cost.RESTART));
        }
        return List.of(finding.remedy(Reseed.remedy(facts).losingData())
                .says("The timeline that is asked for does not come from the standby's: %s"
                        .formatted(event.get().text())));
    }
}
