package dev.understudy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.rule.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
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

    /** Problem, how it is seen, a table of the ways out with what they cost and lose, where PostgreSQL has it. */
    @Test
    void everySectionHasTheFixedShape() throws IOException {
        assertThat(sections().entrySet())
                .allSatisfy(section -> assertThat(section.getValue())
                        .as(section.getKey())
                        .matches(Pattern.compile("\\A\\n\\S[^|]+?\\.\\n\\n\\*\\*Seen:\\*\\* [^|]+\\n\\n"
                                + "\\| way out \\| how \\| costs \\| loses \\| what it does \\|\\n[|-]+\\n(?:\\| .* \\|\\n)+\\n"
                                + "\\*\\*Source:\\*\\* [^|]+\\.\\s*\\z")));
    }

    @Test
    void everyWayOutThatIsOfferedIsInItsSectionAndEveryOneThereIsOffered() throws IOException {
        Map<String, String> sections = sections();
        String rules = allSources(RULES);
        sections.forEach((id, text) -> Pattern.compile("(?m)^\\| `([a-z-]+)` \\| (by hand|`--repair`) \\|")
                .matcher(text)
                .results()
                .forEach(way -> assertThat(rules).as(id).contains('"' + way.group(1) + '"')));
        for (Path file : SavedFacts.all()) {
            for (Finding finding : Doctor.examine(SavedFacts.read(file)).findings()) {
                assertThat(finding.remedies())
                        .as(file.toString())
                        .allSatisfy(remedy -> assertThat(sections.get(finding.id()))
                                .contains("| `%s` | %s | %s |"
                                        .formatted(
                                                remedy.id(),
                                                remedy.automatic() ? "`--repair`" : "by hand",
                                                cost(remedy))));
            }
        }
    }

    private static String cost(Remedy remedy) {
        return switch (remedy.cost()) {
            case NOTHING, SECONDS, MINUTES -> remedy.cost().toString();
            case RESTART -> "a restart";
            case DELTA_COPY -> "a delta copy";
            case FULL_COPY -> "a full copy";
        };
    }

    /** The text of each rule's section by its id. */
    private static Map<String, String> sections() throws IOException {
        Map<String, String> sections = new TreeMap<>();
        String[] parts = Files.readString(PAGE).split("(?m)^### ", -1);
        for (int i = 1; i < parts.length; i++) {
            int end = parts[i].indexOf('\n');
            sections.put(parts[i].substring(0, end), parts[i].substring(end + 1));
        }
        return sections;
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
        String tests = allSources(TESTS);
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

    private static String allSources(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(RuleCatalogueTest::read)
                    .collect(Collectors.joining());
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
