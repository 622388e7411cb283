package dev.understudy.provision.clone;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How long it takes from the end of the last hook to a standby that answers, and how much of that is PostgreSQL's own.
 */
public final class CloneTimes {
    private static final String HOOK_ENDED = "hook_ended_at";

    private CloneTimes() {}

    static void hookEnded(StepContext context) {
        context.record(HOOK_ENDED, context.clock().instant().toString());
    }

    /**
     * Publishes the figures once the standby answers.
     *
     * @param started when the start command was given
     * @param answered when the first query was answered
     * @return the same for people; empty where no hook made the copy
     */
    public static Optional<Evidence> publish(StepContext context, Instant started, Instant answered) {
        Optional<Instant> ended = context.facts().find(HOOK_ENDED).map(Instant::parse);
        if (ended.isEmpty()) {
            return Optional.empty();
        }
        Duration whole = Duration.between(ended.get(), answered);
        Duration server = Duration.between(started, answered);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("hookToAnswerSeconds", seconds(whole));
        figures.put("serverStartSeconds", seconds(server));
        figures.put("overheadSeconds", seconds(whole.minus(server)));
        context.publish("clone", figures);
        return Optional.of(context.evidence(
                String.format(
                        Locale.ROOT,
                        "answers %.1f s after the last hook's end: %.1f s of it took the server's own start, %.1f s all"
                                + " between",
                        seconds(whole),
                        seconds(server),
                        seconds(whole.minus(server))),
                "the run's journal"));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
