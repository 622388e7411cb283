package dev.understudy.server.survey;

/**
 * A subscription of logical replication, without its connection string.
 *
 * @param database whose
 * @param enabled whether its worker runs on a primary
 * @param slot the slot that it uses on its publisher; empty text for none
 */
public record Subscription(String database, String name, boolean enabled, String slot) {}
