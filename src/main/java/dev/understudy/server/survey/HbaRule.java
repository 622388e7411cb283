package dev.understudy.server.survey;

import java.util.List;

/**
 * A line of {@code pg_hba_file_rules}.
 *
 * @param line line number
 * @param type {@code local}, {@code host}, {@code hostssl}, {@code hostnossl}, {@code hostgssenc}, {@code hostnogssenc}
 * @param databases its databases and keywords
 * @param users its roles, {@code +groups} and keywords
 * @param address host name, address, or {@code all}, {@code samehost}, {@code samenet}; empty for local
 * @param netmask mask of the address; empty for a name or keyword
 * @param method {@code trust}, {@code reject}, {@code scram-sha-256} and so on
 * @param error why the server could not read the line; empty if it could
 */
public record HbaRule(
        int line,
        String type,
        List<String> databases,
        List<String> users,
        String address,
        String netmask,
        String method,
        String error) {
    public HbaRule {
        databases = List.copyOf(databases);
        users = List.copyOf(users);
    }
}
