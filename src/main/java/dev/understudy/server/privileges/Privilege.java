package dev.understudy.server.privileges;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.SqlText;
import org.jspecify.annotations.Nullable;

/**
 * Something that a role must have for an operation, in a range of majors.
 *
 * @param until the first major that it no longer applies to; null if it still does
 * @param name a function's signature, a predefined role or a role attribute
 * @param byDefault whether every role has it unless somebody revoked it
 */
public record Privilege(
        Operation operation,
        ServerMajor since,
        @Nullable ServerMajor until,
        Kind kind,
        String name,
        boolean byDefault) {
    /** What kind of thing is given. */
    public enum Kind {
        FUNCTION,
        MEMBERSHIP,
        ATTRIBUTE
    }

    boolean appliesTo(ServerMajor major) {
        return major.isAtLeast(since) && (until == null || !major.isAtLeast(until));
    }

    /**
     * The statement that gives it. Privileges on functions hold in the database where the statement is run: the one that
     * the connection string names.
     */
    public String statement(String role) {
        String to = SqlText.identifier(role);
        return switch (kind) {
            case FUNCTION -> "GRANT EXECUTE ON FUNCTION pg_catalog." + name + " TO " + to + ";";
            case MEMBERSHIP -> "GRANT " + name + " TO " + to + ";";
            case ATTRIBUTE -> "ALTER ROLE " + to + " " + name + ";";
        };
    }
}
