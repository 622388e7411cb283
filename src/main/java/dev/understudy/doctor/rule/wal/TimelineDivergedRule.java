package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import java.util.List;
import java.util.Optional;

/** A standby that has replayed past the place where its primary's timeline forked off. */
public final class TimelineDivergedRule implements Rule {
    private static final String ID = "timeline-diverged";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<LogEvent> event = View.anyUnresolved(facts, "timeline-forked-before", "timeline-lacks-minimum");
        if (event.isEmpty()) {
            return List.of();
        }
        Builder finding = Finding.error(ID, "standby").seen(Optional.of(View.sign(facts, event.get())));
        new Divergence(facts).show(finding);
        return List.of(
                finding.remedy(Reseed.remedy(facts).losingData())
                        .says(
                                "Standby and primary have gone different ways: the standby is past the fork of the primary's timeline"));
    }
}
