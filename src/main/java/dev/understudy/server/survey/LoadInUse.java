package dev.understudy.server.survey;

/**
 * How much of what a server's settings limit is in use right now.
 *
 * @param connections clients that are connected
 * @param walSenders processes that send WAL, those of base backups among them
 * @param slots replication slots, used or not
 * @param preparedTransactions transactions that wait for their second phase
 * @param subscriptions enabled ones, each of which takes a worker process
 */
public record LoadInUse(long connections, long walSenders, long slots, long preparedTransactions, long subscriptions) {}
