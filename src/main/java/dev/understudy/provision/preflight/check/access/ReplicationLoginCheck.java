package dev.understudy.provision.preflight.check.access;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.facts.ReplicationFacts;
import dev.understudy.provision.preflight.facts.ReplicationFacts.How;
import java.util.List;

/**
 * A check that the primary lets the standby in to replicate, from the standby's own machine: a real replication log-in
 * where one can be made there, else the lines of pg_hba.conf for its address.
 */
@CheckInfo(id = "replication-login", summary = "The standby is let in to follow the primary, from its own machine")
public final class ReplicationLoginCheck implements PreflightCheck {
    /** What PgBouncer says to a client that wants to replicate. */
    private static final String POOLERS_WORDS = "unsupported startup parameter: replication";

    private static final String POOLER_HINT =
            "Replicate from the PostgreSQL server itself: a connection pooler carries no replication.";

    @Override
    public PreflightResult examine(PreflightFacts facts) {
        if (facts.primary().value().isEmpty()) {
            return skipped("the primary itself could not be looked at");
        }
        return facts.replication().match(found -> judge(facts, found), this::notTried);
    }

    private PreflightResult notTried(String reason) {
        return warn("whether the standby will be let in to replicate could not be told: %s", reason)
                .hint(
                        "See that pg_hba.conf on the primary has a line for database \"replication\", the replication role"
                                + " and the standby's address.");
    }

    private PreflightResult judge(PreflightFacts facts, ReplicationFacts found) {
        String from = from(found.address());
        if (found.accepted()) {
            return accepted(found, from);
        }
        return fail(
                        "the primary does not let role \"%s\" in to replicate from %s: %s",
                        found.user(), from, found.detail())
                .seen(found.detail(), source(found.how()))
                .hints(List.of(found.detail().contains(POOLERS_WORDS) ? POOLER_HINT : hbaHint(facts, found)));
    }

    /** Where a real log-in was made on the standby's machine, the primary alone knows from which address. */
    private static boolean isNumeric(String address) {
        return address.matches("[0-9a-fA-F:.]+");
    }

    private static String from(String address) {
        if (address.isEmpty()) {
            return "the Unix socket";
        }
        return isNumeric(address) ? "address " + address : "an address " + address;
    }

    private PreflightResult accepted(ReplicationFacts found, String from) {
        return switch (found.how()) {
            case LOGIN_FROM_STANDBY ->
                pass("role \"%s\" logged in for replication from the standby's machine (%s)", found.user(), from)
                        .seen(found.detail(), source(found.how()));
            case LOGIN_FROM_HERE ->
                warn(
                                "role \"%s\" logged in for replication from here (%s); from the standby's machine nothing"
                                        + " could be tried",
                                found.user(), from)
                        .seen(found.detail(), source(found.how()));
            case RULES ->
                pass("pg_hba.conf lets role \"%s\" in to replicate from %s; read, not tried", found.user(), from)
                        .seen(found.detail(), source(found.how()));
        };
    }

    private static String source(How how) {
        return switch (how) {
            case LOGIN_FROM_STANDBY -> "replication log-in from the standby's machine";
            case LOGIN_FROM_HERE -> "replication log-in from here";
            case RULES -> "pg_hba_file_rules";
        };
    }

    private static String hbaHint(PreflightFacts facts, ReplicationFacts found) {
        String file = facts.primary()
                .value()
                .flatMap(primary -> primary.settings().get("hba_file"))
                .orElse("pg_hba.conf");
        String where = found.address().isEmpty()
                ? "local replication %s peer".formatted(found.user())
                : "host replication %s %s scram-sha-256".formatted(found.user(), withMask(found.address()));
        return "If it is pg_hba.conf, put \"%s\" into \"%s\" on the primary before any line that rejects it, then: SELECT pg_reload_conf(); if it is the role, ALTER ROLE %s WITH LOGIN REPLICATION;"
                .formatted(where, file, quoted(found.user()));
    }

    private static String quoted(String role) {
        return role.matches("[a-z_][a-z0-9_]*") ? role : "\"" + role.replace("\"", "\"\"") + "\"";
    }

    private static String withMask(String address) {
        if (!isNumeric(address)) {
            return "ADDRESS";
        }
        return address + (address.contains(":") ? "/128" : "/32");
    }
}
