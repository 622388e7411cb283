package dev.understudy.server.hba;

import dev.understudy.server.facts.HbaRule;
import java.util.List;
import java.util.Optional;

/**
 * The rules of one pg_hba.conf, applied as the server applies them: the first line that fits decides.
 *
 * <p>Source: {@code check_hba}, {@code check_db} and {@code check_role} in {@code src/backend/libpq/hba.c}.
 *
 * @param rules in the order of the file; those with an error fit nobody
 */
public record HbaRules(List<HbaRule> rules) {
    public HbaRules {
        rules = List.copyOf(rules);
    }

    /** The line that decides; empty if no line fits, which means no. */
    public Optional<HbaRule> deciding(HbaLogin login) {
        return rules.stream().filter(rule -> fits(rule, login)).findFirst();
    }

    /** Whether a line lets in those whom it decides about, provided that they show what its method asks for. */
    public static boolean admits(HbaRule rule) {
        return !rule.method().equals("reject");
    }

    public boolean admits(HbaLogin login) {
        return deciding(login).filter(HbaRules::admits).isPresent();
    }

    private static boolean fits(HbaRule rule, HbaLogin login) {
        return rule.error().isEmpty()
                && login.transport().fits(rule.type())
                && fitsDatabase(rule, login)
                && fitsUser(rule, login)
                && (login.transport() == HbaLogin.Transport.SOCKET || HbaAddress.fits(rule, login.address()));
    }

    static boolean fitsDatabase(HbaRule rule, HbaLogin login) {
        if (login.isReplication()) {
            return rule.databases().contains(HbaLogin.REPLICATION);
        }
        return rule.databases().stream().anyMatch(word -> switch (word) {
            case "all" -> true;
            case "sameuser" -> login.database().equals(login.user());
            case "samerole", "samegroup" -> login.groups().contains(login.database());
            case HbaLogin.REPLICATION -> false;
            default -> word.equals(login.database()) || matches(word, login.database());
        });
    }

    static boolean fitsUser(HbaRule rule, HbaLogin login) {
        return rule.users().stream()
                .anyMatch(word -> word.equals("all")
                        || (word.startsWith("+")
                                ? login.groups().contains(word.substring(1))
                                : word.equals(login.user()) || matches(word, login.user())));
    }

    /** A word with a slash in front is a regular expression, from 16 on. */
    private static boolean matches(String word, String name) {
        return word.startsWith("/") && new NamePattern(word.substring(1)).fits(name);
    }
}
