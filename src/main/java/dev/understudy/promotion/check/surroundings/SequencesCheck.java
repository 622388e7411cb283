package dev.understudy.promotion.check.surroundings;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.promotion.policy.SurroundingsThresholds;
import dev.understudy.server.surroundings.DatabaseState;
import dev.understudy.server.surroundings.Databases;
import dev.understudy.server.surroundings.SequenceState;
import dev.understudy.server.surroundings.Surroundings;
import java.util.List;
import java.util.Optional;

/**
 * Sequences that still have values after a promotion. The primary logs a sequence up to 32 values ahead, and the standby
 * goes on from what was logged: those values are skipped, which may be the last ones. Source: {@code SEQ_LOG_VALS} in
 * {@code src/backend/commands/sequence.c}.
 */
public final class SequencesCheck implements PromotionCheck {
    private static final String ID = "sequences";
    private static final int MOST_SHOWN = 5;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.surroundings().standby().flatMap(Surroundings::databases),
                databases -> judge(facts, databases, policy));
    }

    private static CheckResult judge(PromotionFacts facts, Databases databases, Policy policy) {
        long limit = policy.percent(SurroundingsThresholds.SEQUENCE_USED);
        List<SequenceState> near = databases.seen().stream()
                .flatMap(database -> database.sequences().stream())
                .filter(sequence -> !sequence.cycles())
                .filter(sequence -> sequence.left() < 1 || sequence.usedPercent() >= limit)
                .toList();
        long count = databases.seen().stream()
                .mapToLong(DatabaseState::sequenceCount)
                .sum();
        if (near.isEmpty()) {
            return NotSeen.unless(
                    databases,
                    ID,
                    result -> ahead(result, count)
                            .pass("Sequences go on up to 32 values ahead of the primary's; none is near its end"));
        }
        CheckResult.Builder result = ahead(CheckResult.builder(ID), count);
        NotSeen.note(databases, result);
        Worst worst = new Worst(result);
        near.stream().limit(MOST_SHOWN).forEach(sequence -> {
            result.seen(
                    "sequence " + sequence.name(),
                    "last value %d, %.0f left, %.0f %% of its range used"
                            .formatted(sequence.lastValue(), sequence.left(), Math.floor(sequence.usedPercent())));
            judge(facts, sequence, result, worst);
        });
        return worst.orPass("");
    }

    private static CheckResult.Builder ahead(CheckResult.Builder result, long count) {
        return result.seen(
                "pg_sequence",
                "%s; each is logged up to 32 values ahead, and goes on from there after a promotion"
                        .formatted(Names.counted(count, "sequence", "sequences")));
    }

    private static void judge(PromotionFacts facts, SequenceState sequence, CheckResult.Builder result, Worst worst) {
        Optional<SequenceState> primary =
                facts.surroundings().primary().flatMap(Surroundings::databases).value().stream()
                        .flatMap(databases -> databases.seen().stream())
                        .flatMap(database -> database.sequences().stream())
                        .filter(theirs -> theirs.name().equals(sequence.name()))
                        .findFirst();
        String remedy =
                "Give it more room: ALTER SEQUENCE … MAXVALUE …, on the primary, and a wider type to its column.";
        if (sequence.left() >= 1) {
            worst.warn(
                    "Sequence %s has used %.0f %% of its range"
                            .formatted(sequence.name(), Math.floor(sequence.usedPercent())),
                    remedy);
            return;
        }
        primary.ifPresent(theirs -> result.seen(
                "the primary's sequence " + theirs.name(),
                "last value %d, %.0f left".formatted(theirs.lastValue(), theirs.left())));
        if (primary.filter(theirs -> theirs.left() >= 1).isPresent()) {
            worst.fail(
                    "Sequence %s has no value left after a promotion, though it still has on the primary"
                            .formatted(sequence.name()),
                    remedy);
        } else {
            worst.warn("Sequence %s has no value left".formatted(sequence.name()), remedy);
        }
    }
}
