package dev.understudy.provision.clone;

import dev.understudy.engine.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
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
     * Publishes the figures once the standby answers; nothing where no hook made the copy.
     *
     * @param started when the start command was given
     * @param answered when the first query was answered
     */
    public static void publish(StepContext context, Instant started, Instant answered) {
        Optional<Instant> ended = context.facts().find(HOOK_ENDED).map(Instant::parse);
        if (ended.isEmpty()) {
            return;
        }
        Duration whole = Duration.between(ended.get(), answered);
        Duration server = Duration.between(started, answered);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("hookToAnswerSeconds", seconds(whole));
        figures.put("serverStartSeconds", seconds(server));
        figures.put("overheadSeconds", seconds(whole.minus(server)));
        context.publish("clone", figures);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
