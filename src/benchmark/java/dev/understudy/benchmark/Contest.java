package dev.understudy.benchmark;

import java.util.List;
import java.util.Optional;

/** Work that Understudy does and somebody else does too, held several times over. */
public interface Contest {
    /** The name by which it is asked for. */
    String id();

    /** What it measures, a row each. */
    List<Heading> headings();

    /** What this machine lacks for it, as the table is to say it; the contest is not held then. */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /**
     * How often it is held.
     *
     * @param asked what the run was asked for
     */
    default int rounds(int asked) {
        return asked;
    }

    /** Does what is not measured before the first round. */
    default void prepare() {}

    /**
     * Holds one round: both sides once.
     *
     * @param number from 0; who begins goes by it
     * @return a reading for each heading, in their order
     */
    List<Reading> round(int number);

    /** Removes what it made, and gives back what it held; also after a {@link #prepare} that failed. */
    default void finish() {}
}
