package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
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
        return View.anyUnresolved(facts, "timeline-not-a-child", "timeline-unknown", "timeline-behind")
                .map(event -> List.of(Finding.error(ID, "standby")
                        .seen(Optional.of(View.sign(facts, event)))
                        .seen(View.setting(facts, "recovery_target_timeline")
                                .map(value -> new Sign("recovery_target_timeline", value)))
                        .remedy(Remedy.byHand(
                                "follow-latest",
                                "If the number is a mistake, follow the latest timeline",
                                "ALTER SYSTEM SET recovery_target_timeline = 'latest';  -- and restart",
                                Cost.RESTART))
                        .remedy(Reseed.remedy(facts).losingData())
                        .says("The timeline that is asked for does not come from the standby's: %s"
                                .formatted(event.text()))))
                .orElse(List.of());
    }
}
