package dev.understudy.provision.hook;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A command of somebody else's that makes something, and the one that takes it back.
 *
 * @param step the step that it belongs to
 * @param command for {@code /bin/sh}
 * @param cleanup for {@code /bin/sh}, on the same host; empty if nothing takes it back
 * @param host where both run
 * @param limit after which either is killed
 * @param environment variables besides the run's facts, by name
 */
public record Hook(
        String step,
        String command,
        Optional<String> cleanup,
        Host host,
        Duration limit,
        Map<String, String> environment) {
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** @throws UnderstudyException {@link ErrorCode#VALUE_INVALID} for a name that no variable can have */
    public Hook {
        environment = Map.copyOf(environment);
        for (String name : environment.keySet()) {
            if (!VARIABLE.matcher(name).matches()) {
                throw UnderstudyException.of(
                                ErrorCode.VALUE_INVALID, "\"%s\" cannot be the name of an environment variable", name)
                        .build();
            }
        }
    }
}
