package dev.understudy.server.hba;

import dev.understudy.server.facts.HbaRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one server's pg_hba.conf admits and another's does not. Both files are tried with log-ins of which every possible
 * one is decided about as one of them is: each role and database that a rule tells from others, each way to come, each
 * end of a network. So rules in another order, split or written otherwise compare equal if they do the same.
 */
public final class HbaComparison {
    private final HbaRules wanted;
    private final HbaRules found;

    /** How the two differ about a log-in. */
    public enum Kind {
        /** The other server does not let it in. */
        REFUSED,
        /** The other server asks for another kind of proof. */
        OTHER_PROOF
    }

    /**
     * A rule that the other file does not do for.
     *
     * @param rule of the first file
     * @param other what decides in the other file; empty if no line fits
     * @param example one log-in that shows it
     */
    public record Difference(Kind kind, HbaRule rule, Optional<HbaRule> other, HbaLogin example) {}

    private record Key(Kind kind, int line, int otherLine, boolean replication) {}

    /**
     * @param wanted the rules whose log-ins shall be let in
     * @param found the rules that shall let them in
     */
    public HbaComparison(HbaRules wanted, HbaRules found) {
        this.wanted = wanted;
        this.found = found;
    }

    /** The differences, one for each pair of lines that decide differently, in the order of the first file. */
    public List<Difference> differences(Collection<String> databases, Collection<LoginRole> roles) {
        Map<Key, Difference> differences = new LinkedHashMap<>();
        HbaLogins.representatives(List.of(wanted, found), databases, roles)
                .flatMap(login -> compare(login).stream())
                .forEach(difference -> differences.putIfAbsent(key(difference), difference));
        List<Difference> sorted = new ArrayList<>(differences.values());
        sorted.sort((a, b) -> Integer.compare(a.rule().line(), b.rule().line()));
        return List.copyOf(sorted);
    }

    private Optional<Difference> compare(HbaLogin login) {
        Optional<HbaRule> rule = wanted.deciding(login).filter(HbaRules::admits);
        if (rule.isEmpty()) {
            return Optional.empty();
        }
        Optional<HbaRule> other = found.deciding(login);
        boolean admitted = other.filter(HbaRules::admits).isPresent();
        if (admitted && proof(rule.get()) == proof(other.get())) {
            return Optional.empty();
        }
        Kind kind = admitted ? Kind.OTHER_PROOF : Kind.REFUSED;
        return Optional.of(new Difference(kind, rule.get(), other, login));
    }

    private static Key key(Difference difference) {
        return new Key(
                difference.kind(),
                difference.rule().line(),
                difference.other().map(HbaRule::line).orElse(0),
                difference.example().isReplication());
    }

    private enum Proof {
        NONE,
        ACCOUNT,
        PASSWORD,
        CERTIFICATE,
        TICKET
    }

    /** What a client has to have. Which kind of stored password a rule wants is another question. */
    private static Proof proof(HbaRule rule) {
        return switch (rule.method()) {
            case "trust" -> Proof.NONE;
            case "peer", "ident" -> Proof.ACCOUNT;
            case "cert" -> Proof.CERTIFICATE;
            case "gss", "sspi" -> Proof.TICKET;
            default -> Proof.PASSWORD;
        };
    }
}
