package dev.understudy.engine;

import dev.understudy.error.UnderstudyException;
import java.util.List;
import java.util.function.Function;

/** What a step found before doing anything. */
public sealed interface Probe {
    /** Chooses by kind. Every kind has a parameter, so that a new one fails to compile at each use. */
    <R> R match(Function<Satisfied, R> satisfied, Function<Pending, R> pending, Function<Conflicting, R> conflicting);

    /** The goal is met already; only {@link Step#verify} remains. */
    record Satisfied(List<Evidence> evidence) implements Probe {
        public Satisfied {
            evidence = List.copyOf(evidence);
        }

        @Override
        public <R> R match(
                Function<Satisfied, R> satisfied, Function<Pending, R> pending, Function<Conflicting, R> conflicting) {
            return satisfied.apply(this);
        }
    }

    /**
     * There is work to do.
     *
     * @param intent what {@link Step#apply} is going to do, one sentence, for the plan's print-out and the journal
     */
    record Pending(String intent) implements Probe {
        @Override
        public <R> R match(
                Function<Satisfied, R> satisfied, Function<Pending, R> pending, Function<Conflicting, R> conflicting) {
            return pending.apply(this);
        }
    }

    /** Something that this plan did not make stands in the way; it must not be overwritten. */
    record Conflicting(UnderstudyException error) implements Probe {
        @Override
        public <R> R match(
                Function<Satisfied, R> satisfied, Function<Pending, R> pending, Function<Conflicting, R> conflicting) {
            return conflicting.apply(this);
        }
    }
}
