package dev.understudy.server.survey;

/**
 * How fast a server writes WAL.
 *
 * @param bytesPerSecond the higher of what was measured now and the average since the statistics began
 * @param source where the figure is from, for people
 */
public record WalRate(long bytesPerSecond, String source) {}
