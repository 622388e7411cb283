package dev.understudy.server.facts;

import java.util.List;
import java.util.Optional;

/**
 * A line of {@code pg_hba.conf} as the file is now, which need not be what the server has loaded.
 *
 * @param address empty for local lines
 * @param error why the line cannot be used; empty if it can
 */
public record HbaRule(
        int line,
        String type,
        List<String> databases,
        List<String> users,
        Optional<String> address,
        Optional<String> netmask,
        String method,
        Optional<String> error) {
    public HbaRule {
        databases = List.copyOf(databases);
        users = List.copyOf(users);
    }
}
