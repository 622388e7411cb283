package dev.understudy.benchmark;

import java.util.List;

/** Work that Understudy does and somebody else does too, held several times over. */
public interface Contest {
    /** The name by which it is asked for. */
    String id();

    /** What it measures, a row each. */
    List<Heading> headings();

    /** Does what is not measured before the first round. */
    default void prepare() {}

    /**
     * Holds one round: both sides once.
     *
     * @param number from 0; who begins goes by it
     * @return a reading for each heading, in their order
     */
    List<Reading> round(int number);

    /** Removes what it made, and gives back what it held. */
    default void finish() {}
}
