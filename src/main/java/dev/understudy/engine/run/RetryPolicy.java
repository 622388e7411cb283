package dev.understudy.engine.run;

import dev.understudy.error.ErrorCode;
import java.util.Set;

/**
 * When a failed step is begun again, from its probe. A guard's error and an interruption are never retried.
 *
 * @param on errors that may pass
 * @param patience how long and how often; what the step works on was there if the step got on for as long as the longest
 *     pause
 */
public record RetryPolicy(Set<ErrorCode> on, Patience patience) {
    /** No second attempt. */
    public static final RetryPolicy NEVER = new RetryPolicy(Set.of(), Patience.NONE);

    public RetryPolicy {
        on = Set.copyOf(on);
    }
}
