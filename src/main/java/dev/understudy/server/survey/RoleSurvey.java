package dev.understudy.server.survey;

/**
 * The role the connection is logged in as, and the connections that are left to it.
 *
 * @param name the role's name, unquoted
 * @param superuser whether it is a superuser
 * @param replication whether it has REPLICATION
 * @param connectionLimit connections it may have at once, -1 for any number
 * @param ownConnections connections it has, ours among them
 * @param allConnections connections that count towards max_connections
 */
public record RoleSurvey(
        String name,
        boolean superuser,
        boolean replication,
        int connectionLimit,
        int ownConnections,
        int allConnections) {}
