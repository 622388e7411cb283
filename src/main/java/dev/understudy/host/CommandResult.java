package dev.understudy.host;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.nio.charset.StandardCharsets;

/**
 * What a command did.
 *
 * @param host name of the host it ran on
 * @param command the command line for people
 * @param status exit status; 128 plus the signal's number where a signal ended it
 * @param output standard output, at most 16 MiB; empty where it was pushed elsewhere
 * @param error standard error, its last 64 KiB, as text
 */
public record CommandResult(String host, String command, int status, byte[] output, String error) {
    public boolean succeeded() {
        return status == 0;
    }

    /** Standard output as UTF-8 text without the newlines at its end. */
    public String text() {
        return new String(output, StandardCharsets.UTF_8).stripTrailing();
    }

    /**
     * This result if the status is 0.
     *
     * @throws UnderstudyException {@link ErrorCode#COMMAND_FAILED} otherwise
     */
    public CommandResult orThrow() {
        if (succeeded()) {
            return this;
        }
        throw UnderstudyException.of(
                        ErrorCode.COMMAND_FAILED,
                        "command on host \"%s\" ended with status %d: %s",
                        host,
                        status,
                        command)
                .detail("%s", error.isBlank() ? "It wrote nothing to standard error." : error.strip())
                .build();
    }
}
