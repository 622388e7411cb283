package dev.understudy.server.surroundings;

/**
 * A sequence that has been used.
 *
 * @param name {@code database.schema.sequence}, quoted where it takes that
 * @param lastValue the value that this server has recorded
 * @param left how many more values it can give, not counting a new round
 * @param usedPercent which part of its range is behind it, from 0 to 100
 * @param cycles whether it begins anew at its end
 */
public record SequenceState(String name, long lastValue, double left, double usedPercent, boolean cycles) {}
