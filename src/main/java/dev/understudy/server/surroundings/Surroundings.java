package dev.understudy.server.surroundings;

import dev.understudy.postgres.Known;
import java.util.List;

/**
 * A running server as a place for a primary, through SQL. Each part is known or says why not.
 *
 * @param clock its clock against ours
 * @param tablespaces those outside of the data directory
 * @param databases its databases, each looked into
 * @param ages how far the oldest transaction ids of each database lie back
 * @param prepared prepared transactions; a standby never tells any
 * @param twoPhaseFiles names of the files in pg_twophase: the prepared transactions that a restartpoint has written
 * @param transactions open transactions of clients
 */
public record Surroundings(
        Known<ClockReading> clock,
        Known<List<TablespaceState>> tablespaces,
        Known<Databases> databases,
        Known<List<TransactionAge>> ages,
        Known<List<PreparedTransaction>> prepared,
        Known<List<String>> twoPhaseFiles,
        Known<OpenTransactions> transactions) {}
