package dev.understudy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.doctor.rule.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds rules, their page, their tests and the table of causes to each other. */
final class RuleCatalogueTest {
    private static final Path PAGE = Path.of("src/site/markdown/doctor.md");
    private static final Path RULES = Path.of("src/main/java/dev/understudy/doctor/rule");
    private static final Path TESTS = Path.of("src/test/java/dev/understudy/doctor");

    private static List<String> ids() {
        return RuleCatalogue.all().stream().map(Rule::id).toList();
    }

    @Test
    void rulesStandInTheOrderOfTheirIdsEachOnce() {
        assertThat(ids()).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void everyRuleHasItsSectionAndEverySectionItsRule() throws IOException {
        List<String> sections = Files.readString(PAGE)
                .lines()
                .filter(line -> line.startsWith("### "))
                .map(line -> line.substring(4))
                .toList();

        assertThat(sections).containsExactlyElementsOf(ids());
    }

    @Test
    void everyRuleClassIsInTheCatalogue() throws IOException {
        try (Stream<Path> files = Files.walk(RULES)) {
            long classes = files.filter(file -> file.toString().endsWith("Rule.java"))
                    .filter(file -> !file.getFileName().toString().equals("Rule.java"))
                    .count();

            assertThat(classes).isEqualTo(RuleCatalogue.all().size());
        }
    }

    @Test
    void everyRuleIsFoundByATest() throws IOException {
        String tests;
        try (Stream<Path> files = Files.walk(TESTS)) {
            tests = files.filter(file -> file.toString().endsWith(".java"))
                    .map(RuleCatalogueTest::read)
                    .collect(Collectors.joining());
        }
        Set<String> tested =
                SavedFacts.all().stream().map(SavedFacts::cause).collect(Collectors.toCollection(TreeSet::new));

        assertThat(ids())
                .allSatisfy(id -> assertThat(
                                tested.contains(id) || tests.contains('"' + id + '"') || tests.contains('"' + id + '|'))
                        .as(id)
                        .isTrue());
    }

    @Test
    void theTableOfCausesKnowsOnlyRulesAndACauseStandsBeforeWhatFollowsFromIt() {
        List<String> causes = CauseRows.ROWS.stream().map(Map.Entry::getKey).toList();

        assertThat(causes).doesNotHaveDuplicates().isSubsetOf(ids());
        for (Map.Entry<String, List<String>> row : CauseRows.ROWS) {
            assertThat(row.getValue()).as(row.getKey()).isSubsetOf(ids());
            assertThat(row.getValue())
                    .as("what follows from " + row.getKey())
                    .allSatisfy(id -> assertThat(
                                    causes.indexOf(id) < 0 || causes.indexOf(id) > causes.indexOf(row.getKey()))
                            .as(id)
                            .isTrue());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
