package dev.understudy.report;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.util.List;

/**
 * Why a run or a step failed.
 *
 * @param code the printed code, for example {@code US-3001}; empty if none is known
 * @param message one line
 * @param detail what is known besides; may be empty
 * @param hints what to do, one sentence each
 */
public record Problem(String code, String message, String detail, List<String> hints) {
    public Problem {
        hints = List.copyOf(hints);
    }

    /** True if it says no more than that somebody stopped the run. */
    boolean isInterruption() {
        return code.equals(ErrorCode.RUN_INTERRUPTED.printed());
    }

    public static Problem of(UnderstudyException error) {
        return new Problem(error.code().printed(), error.message(), error.detail(), error.hints());
    }
}
