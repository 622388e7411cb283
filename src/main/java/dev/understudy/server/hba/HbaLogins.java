package dev.understudy.server.hba;

import dev.understudy.server.facts.HbaRule;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Log-ins of which every possible one is decided about as one of them is: each role and database that a rule tells from
 * others, each way to come, each place where a network begins or is over.
 */
public final class HbaLogins {
    private HbaLogins() {}

    /** Log-ins for several files at once: none of them tells another log-in from all of these. */
    public static Stream<HbaLogin> representatives(
            List<HbaRules> files, Collection<String> databases, Collection<LoginRole> roles) {
        List<HbaRule> all =
                files.stream().flatMap(file -> file.rules().stream()).toList();
        List<String> addresses = HbaAddress.representatives(all);
        return ofRoles(all, roles, databases).stream()
                .flatMap(role -> Stream.concat(
                                ofDatabases(all, databases, role).stream(),
                                role.mayReplicate() ? Stream.of(HbaLogin.REPLICATION) : Stream.of())
                        .flatMap(database -> logins(role, database, addresses)));
    }

    private static Stream<HbaLogin> logins(LoginRole role, String database, List<String> addresses) {
        Stream<HbaLogin> local =
                Stream.of(new HbaLogin(HbaLogin.Transport.SOCKET, database, role.name(), role.groups(), ""));
        return Stream.concat(
                local,
                Stream.of(HbaLogin.Transport.TLS, HbaLogin.Transport.PLAIN, HbaLogin.Transport.GSS)
                        .flatMap(transport -> addresses.stream()
                                .map(address ->
                                        new HbaLogin(transport, database, role.name(), role.groups(), address))));
    }

    /** Of roles that no rule tells apart, and whose passwords are stored alike, one stands for all. */
    private static Collection<LoginRole> ofRoles(
            List<HbaRule> rules, Collection<LoginRole> roles, Collection<String> databases) {
        boolean same = rules.stream()
                .anyMatch(rule -> rule.databases().contains("sameuser")
                        || rule.databases().contains("samerole")
                        || rule.databases().contains("samegroup"));
        Map<String, LoginRole> found = new LinkedHashMap<>();
        for (LoginRole role : roles) {
            HbaLogin login = new HbaLogin(HbaLogin.Transport.SOCKET, "", role.name(), role.groups(), "");
            String signature = signature(rules, rule -> HbaRules.fitsUser(rule, login));
            boolean own = same && role.groups().stream().anyMatch(databases::contains);
            found.putIfAbsent(signature + role.mayReplicate() + role.password() + (own ? " " + role.name() : ""), role);
        }
        return found.values();
    }

    /** Of databases that no rule tells apart for this role one stands for all. */
    private static Collection<String> ofDatabases(List<HbaRule> rules, Collection<String> databases, LoginRole role) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String database : databases) {
            HbaLogin login = new HbaLogin(HbaLogin.Transport.SOCKET, database, role.name(), role.groups(), "");
            found.putIfAbsent(signature(rules, rule -> HbaRules.fitsDatabase(rule, login)), database);
        }
        return found.values();
    }

    private static String signature(List<HbaRule> rules, Predicate<HbaRule> fits) {
        StringBuilder signature = new StringBuilder();
        rules.forEach(rule -> signature.append(fits.test(rule) ? '1' : '0'));
        return signature.toString();
    }
}
