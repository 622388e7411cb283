package dev.understudy.doctor.rule.server;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.server.survey.DoctorSurvey.Conflicts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Queries on the standby that replay has to cancel. */
public final class QueryConflictsRule implements Rule {
    private static final String ID = "standby-query-conflicts";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        List<Conflicts> conflicts =
                View.standby(facts).flatMap(view -> view.conflicts().value()).orElse(List.of());
        Optional<LogEvent> event = View.event(facts, "query-conflict");
        if (event.isEmpty() && !isOften(conflicts, facts.examinedAt())) {
            return List.of();
        }
        Builder finding = Finding.warning(ID, "standby").seen(event.map(found -> View.sign(facts, found)));
        conflicts.forEach(each -> finding.seen(
                "pg_stat_database_conflicts of the standby",
                "database \"%s\": %d queries cancelled, %d of them for old snapshots, %d for locks"
                        .formatted(each.database(), each.total(), each.snapshot(), each.lock())));
        boolean feedback = View.setting(facts, "hot_standby_feedback")
                .filter(value -> value.equals("on"))
                .isPresent();
        finding.seen("hot_standby_feedback", feedback ? "on" : "off");
        return List.of(finding.remedy(Remedy.byHand(
                        "let-queries-live",
                        feedback
                                ? "Give queries more time; the standby falls behind meanwhile"
                                : "Tell the primary of the standby's queries, at the price of bloat there; or give them time",
                        "ALTER SYSTEM SET %s; SELECT pg_reload_conf();"
                                .formatted(
                                        feedback
                                                ? "max_standby_streaming_delay = '5min'"
                                                : "hot_standby_feedback = on"),
                        Cost.SECONDS))
                .says("Replay has cancelled queries on the standby"));
    }

    /** A few in the life of a server are nobody's trouble. */
    private static boolean isOften(List<Conflicts> conflicts, Instant now) {
        return conflicts.stream()
                .anyMatch(each -> each.total() >= MANY
                        && each.since()
                                .map(since -> each.total()
                                        > Duration.between(since, now).toDays())
                                .orElse(true));
    }

    private static final int MANY = 10;
}
