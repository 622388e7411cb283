package dev.understudy.engine.journal;

import dev.understudy.engine.Outcome;
import java.time.Instant;

/**
 * A run in a listing.
 *
 * @param problem why its journal cannot be read; empty if it can. Then playbook and target are empty.
 */
public record RunSummary(
        String run, String playbook, Outcome outcome, Instant startedAt, String target, String problem) {}
