package dev.understudy.engine;

/**
 * How far a step's work is.
 *
 * @param done units done so far
 * @param total units in all; 0 while not known
 * @param unit what is counted
 * @param detail what is being worked on, for people
 */
public record Progress(long done, long total, Unit unit, String detail) {
    /** What progress counts. */
    public enum Unit {
        BYTES,
        FILES,
        CHECKS
    }
}
