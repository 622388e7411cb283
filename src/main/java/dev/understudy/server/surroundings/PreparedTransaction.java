package dev.understudy.server.surroundings;

/**
 * A transaction prepared for a two-phase commit, a row of {@code pg_prepared_xacts}.
 *
 * @param gid its global identifier, as its coordinator named it
 * @param database its database
 * @param owner the role that prepared it
 * @param seconds how long ago, in seconds by the server's clock
 */
public record PreparedTransaction(String gid, String database, String owner, long seconds) {}
