package dev.understudy.doctor.rule;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import java.util.List;

/**
 * Finds one kind of thing that is not well. A pure function: it looks at the facts and at nothing else, and never guesses
 * past them.
 */
public interface Rule {
    /** The id of what it finds, stable. */
    String id();

    /** What it finds; empty if nothing, or if the facts do not tell. */
    List<Finding> examine(Facts facts);
}
