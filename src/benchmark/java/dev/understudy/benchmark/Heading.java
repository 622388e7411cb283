package dev.understudy.benchmark;

/**
 * A row of the table.
 *
 * @param id stable name, for scripts that compare runs
 * @param work what Understudy does
 * @param peer what it is compared with, as one would type it; empty where a figure stands for itself
 * @param unit of both sides' values
 * @param figure what is judged: {@code ratio}, {@code MB}, {@code % of the bytes} and the like
 * @param goal the figure's median shall not be above it
 */
public record Heading(String id, String work, String peer, String unit, String figure, double goal) {
    /** Seconds against a peer's seconds. */
    public static Heading ratio(String id, String work, String peer, double goal) {
        return new Heading(id, work, peer, "s", "ratio", goal);
    }
}
