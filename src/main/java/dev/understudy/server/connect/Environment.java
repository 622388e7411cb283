package dev.understudy.server.connect;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a process brings along that a connection string leaves open.
 *
 * @param variables environment variables
 * @param account name of the operating system's account, the default user
 * @param home where {@code .pgpass} and {@code .pg_service.conf} are looked for: {@code $HOME}, else the account's home
 */
public record Environment(Map<String, String> variables, String account, Path home) {
    public Environment {
        variables = Map.copyOf(variables);
    }

    /** That of this process. */
    public static Environment current() {
        Map<String, String> variables = System.getenv();
        String home = variables.getOrDefault("HOME", "");
        return new Environment(
                variables,
                System.getProperty("user.name"),
                Path.of(home.isEmpty() ? System.getProperty("user.home") : home));
    }

    /** The value of a variable; empty if it is not set or empty. */
    String get(String name) {
        return variables.getOrDefault(name, "");
    }
}
