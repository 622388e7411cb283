package dev.understudy.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.error.Category;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Pins every number: scripts depend on them. */
final class ExitCodeTest {
    @Test
    void theNumbersAreTheContracts() {
        assertThat(ExitCode.values()).extracting(ExitCode::number).containsExactly(0, 1, 2, 3, 4, 5, 70);
    }

    @Test
    void everyCategoryHasItsNumber() {
        Map<Category, Integer> numbers = Arrays.stream(Category.values())
                .collect(Collectors.toMap(
                        category -> category, category -> ExitCode.of(category).number()));

        assertThat(numbers)
                .isEqualTo(Map.of(
                        Category.FINDINGS, 1,
                        Category.USAGE, 2,
                        Category.REFUSED, 3,
                        Category.FAILED, 4,
                        Category.LEFT, 5,
                        Category.DEFECT, 70));
    }

    @Test
    void everyOutcomeHasItsNumber() {
        Map<Outcome, Integer> numbers = Arrays.stream(Outcome.values())
                .collect(Collectors.toMap(
                        outcome -> outcome, outcome -> ExitCode.of(outcome).number()));

        assertThat(numbers)
                .isEqualTo(Map.of(
                        Outcome.PROVEN, 0,
                        Outcome.DONE, 0,
                        Outcome.REFUSED, 3,
                        Outcome.UNDONE, 4,
                        Outcome.LEFT, 5,
                        Outcome.INTERRUPTED, 5,
                        Outcome.RUNNING, 5));
    }
}
