package dev.understudy.engine;

import dev.understudy.error.UnderstudyException;
import java.util.List;
import java.util.function.Function;

/** What a step could prove after its work. */
public sealed interface Verdict {
    /** Chooses by kind. */
    <R> R match(Function<Verified, R> verified, Function<Refuted, R> refuted);

    /** The goal is met, and this was seen of it; never empty. */
    record Verified(List<Evidence> evidence) implements Verdict {
        public Verified {
            evidence = List.copyOf(evidence);
            if (evidence.isEmpty()) {
                throw new IllegalArgumentException("a step cannot be verified without evidence");
            }
        }

        @Override
        public <R> R match(Function<Verified, R> verified, Function<Refuted, R> refuted) {
            return verified.apply(this);
        }
    }

    /** The goal is not met. */
    record Refuted(UnderstudyException error) implements Verdict {
        @Override
        public <R> R match(Function<Verified, R> verified, Function<Refuted, R> refuted) {
            return refuted.apply(this);
        }
    }
}
