package dev.understudy.engine.journal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.Reasons;
import dev.understudy.error.UnderstudyException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Closes several things; the first error is thrown once all were tried, the others ride along. */
final class Closing {
    private Closing() {}

    static void all(AutoCloseable first, List<? extends AutoCloseable> others) {
        RuntimeException error = close(first, null);
        for (AutoCloseable other : others) {
            error = close(other, error);
        }
        if (error != null) {
            throw error;
        }
    }

    private static @Nullable RuntimeException close(AutoCloseable resource, @Nullable RuntimeException earlier) {
        try {
            resource.close();
            return earlier;
        } catch (Exception e) {
            RuntimeException error = e instanceof RuntimeException runtime
                    ? runtime
                    : UnderstudyException.of(ErrorCode.DEFECT, "could not close what the run had kept open")
                            .detail("%s", Reasons.of(e))
                            .cause(e)
                            .build();
            if (earlier == null) {
                return error;
            }
            earlier.addSuppressed(error);
            return earlier;
        }
    }
}
