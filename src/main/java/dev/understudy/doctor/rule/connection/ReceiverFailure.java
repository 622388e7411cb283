package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.View;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.server.facts.Role;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A reason why the standby does not get a connection to its primary.
 *
 * @param facts what was seen
 * @param event the standby's own word, from its log; the doctor's own connection does not count as the standby's
 */
record ReceiverFailure(Facts facts, LogEvent event) {
    /**
     * Finds the newest such reason that is not over.
     *
     * @param events ids of messages
     */
    static Optional<ReceiverFailure> find(Facts facts, String... events) {
        // Without a connection string 11 and older try the default socket; nobody means them to.
        if (View.setting(facts, "primary_conninfo").filter(String::isEmpty).isPresent()) {
            return Optional.empty();
        }
        return View.anyUnresolved(facts, events)
                .filter(event -> isNewest(facts, event))
                .map(event -> new ReceiverFailure(facts, event));
    }

    /** What the receiver last failed with counts; what it failed with before that was put right. */
    private static boolean isNewest(Facts facts, LogEvent event) {
        return REASONS.stream()
                .map(id -> View.event(facts, id))
                .flatMap(Optional::stream)
                .noneMatch(other -> other.lastLine() > event.lastLine() + SAME_ATTEMPT_LINES);
    }

    /** One attempt writes several lines: with TLS and without, for each address. */
    private static final int SAME_ATTEMPT_LINES = 6;

    private static final List<String> REASONS = List.of(
            "no-such-role",
            "not-replication",
            "password-wrong",
            "login-denied",
            "password-missing",
            "hba-rejects",
            "tls-mismatch",
            "host-unresolved",
            "conninfo-invalid",
            "primary-refuses");

    /** Whether the primary itself answered the standby, though not as it should. */
    static boolean isAnswered(Facts facts) {
        return find(facts, ANSWERS).isPresent();
    }

    private static final String[] ANSWERS = {
        "hba-rejects",
        "login-denied",
        "no-such-role",
        "not-replication",
        "password-missing",
        "password-wrong",
        "tls-mismatch"
    };

    /** The role that the standby logs in as, by the primary's word; empty if it has none, or was not asked. */
    Optional<Role> roleOnPrimary() {
        return View.primary(facts)
                .flatMap(primary -> primary.follower().value())
                .flatMap(found -> found);
    }

    /** Whether the primary was asked and has no such role. */
    boolean isRoleMissing() {
        return View.primary(facts)
                .flatMap(primary -> primary.follower().value())
                .filter(Optional::isEmpty)
                .isPresent();
    }

    boolean hasNoPassword() {
        return roleOnPrimary()
                .flatMap(Role::passwordKind)
                .filter("none"::equals)
                .isPresent();
    }

    Builder evidence(Builder finding) {
        finding.seen(Optional.of(View.sign(facts, event)));
        View.setting(facts, "primary_conninfo")
                .filter(text -> !text.isEmpty())
                .ifPresent(text -> finding.seen("primary_conninfo", text));
        return finding;
    }

    /** The role that the standby logs in as: what the message names, else what its connection string does. */
    String role() {
        String named =
                event.id().equals("hba-rejects") ? event.value(1) : NAMING.contains(event.id()) ? event.value(0) : "";
        return named.isEmpty() ? option("user", "replicator") : named;
    }

    /** Messages that name the role first. */
    private static final Set<String> NAMING = Set.of("login-denied", "no-such-role", "password-wrong");

    /** An option of the standby's connection string. */
    String option(String name, String otherwise) {
        return View.setting(facts, "primary_conninfo")
                .flatMap(conninfo -> find(conninfo, name))
                .orElse(otherwise);
    }

    private static Optional<String> find(String conninfo, String name) {
        try {
            return Conninfo.parse(conninfo).get(name);
        } catch (UnderstudyException e) {
            // That it cannot be read is a finding of its own.
            return Optional.empty();
        }
    }

    /** A role's name for SQL. */
    static String quoted(String role) {
        return role.matches("[a-z_][a-z0-9_]*") ? role : "\"" + role.replace("\"", "\"\"") + "\"";
    }

    /** A statement for the primary, as a remedy. */
    static Remedy onPrimary(String id, String description, String sql) {
        return Remedy.byHand(id, description, sql, Cost.SECONDS);
    }
}
