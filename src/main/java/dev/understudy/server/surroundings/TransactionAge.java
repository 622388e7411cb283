package dev.understudy.server.surroundings;

/**
 * How far a database's oldest transaction ids lie back.
 *
 * @param database its name
 * @param xids age of {@code datfrozenxid}, in transactions
 * @param multixacts age of {@code datminmxid}, in multixacts
 */
public record TransactionAge(String database, long xids, long multixacts) {}
