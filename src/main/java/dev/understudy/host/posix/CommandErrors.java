package dev.understudy.host.posix;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import java.io.IOException;
import java.time.Duration;

/** The errors that a command ends in on every kind of host. */
public final class CommandErrors {
    private CommandErrors() {}

    public static UnderstudyException timedOut(String host, String command, Duration limit, String error) {
        return UnderstudyException.of(
                        ErrorCode.COMMAND_TIMED_OUT,
                        "command on host \"%s\" was killed after %s: %s",
                        host,
                        seconds(limit),
                        command)
                .detail("%s", error.isBlank() ? "It wrote nothing to standard error." : error.strip())
                .build();
    }

    /** The caller's thread was interrupted; keeps it so. */
    public static UnderstudyException interrupted(String host, String command) {
        Thread.currentThread().interrupt();
        return UnderstudyException.of(
                        ErrorCode.COMMAND_INTERRUPTED, "command on host \"%s\" was interrupted: %s", host, command)
                .build();
    }

    /** What took the output did not take it. */
    public static UnderstudyException outputRefused(String host, Command command, Throwable failure) {
        if (failure instanceof UnderstudyException known) {
            return known;
        }
        ErrorCode code = failure instanceof BoundedOutput.TooLarge
                ? ErrorCode.COMMAND_OUTPUT_TOO_LARGE
                : failure instanceof IOException ? FileErrors.classify(message(failure)) : ErrorCode.DEFECT;
        return UnderstudyException.of(code, "could not take the output of command on host \"%s\": %s", host, command)
                .detail("%s", message(failure))
                .cause(failure)
                .build();
    }

    public static UnderstudyException notStarted(String host, Command command, Throwable failure) {
        return UnderstudyException.of(
                        ErrorCode.COMMAND_FAILED, "could not start command on host \"%s\": %s", host, command)
                .detail("%s", message(failure))
                .cause(failure)
                .build();
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private static String seconds(Duration limit) {
        long millis = limit.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
