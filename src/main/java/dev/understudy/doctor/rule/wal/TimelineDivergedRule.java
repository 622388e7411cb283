package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import dev.understudy.pgfile.control.ControlFile;
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
        View.directory(facts).flatMap(found -> found.control().value()).ifPresent(control -> {
            finding.seen(
                    "pg_control",
                    "minimum recovery ending location %s on timeline %s"
                            .formatted(control.minRecoveryPoint(), control.minRecoveryTimeline()));
            finding.seen("pg_rewind", rewind(control));
        });
        View.primary(facts)
                .ifPresent(view -> finding.seen(
                        "primary",
                        "timeline %s%s"
                                .formatted(
                                        view.identity().timeline(),
                                        view.end()
                                                .map(end -> ", WAL ends at " + end)
                                                .orElse(""))));
        boolean possible = View.directory(facts)
                .flatMap(found -> found.control().value())
                .filter(TimelineDivergedRule::mayRewind)
                .isPresent();
        if (possible) {
            finding.remedy(Remedy.byHand(
                            "pg-rewind",
                            "Stop it cleanly and rewind it to the fork; what it has beyond is lost",
                            "pg_rewind -D %s --source-server=%s"
                                    .formatted(
                                            ShellQuote.quote(facts.given().dataDirectoryOrWord()),
                                            ShellQuote.quote(facts.given().primaryOrWord())),
                            Cost.MINUTES)
                    .losingData());
        }
        return List.of(
                finding.remedy(Reseed.remedy(facts).losingData())
                        .says(
                                "Standby and primary have gone different ways: the standby is past the fork of the primary's timeline"));
    }

    private static boolean mayRewind(ControlFile control) {
        return control.settings().walLogHints() || control.sizes().dataChecksumVersion() != 0;
    }

    private static String rewind(ControlFile control) {
        return mayRewind(control)
                ? "possible: wal_log_hints or page checksums are on"
                : "not possible: neither wal_log_hints nor page checksums are on";
    }
}
