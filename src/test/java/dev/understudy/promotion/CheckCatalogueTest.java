package dev.understudy.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.promotion.policy.Threshold;
import dev.understudy.promotion.policy.Thresholds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds checks, thresholds, their page and their tests to each other. */
final class CheckCatalogueTest {
    private static final Path PAGE = Path.of("src/site/markdown/promotion.md");
    private static final Path CHECKS = Path.of("src/main/java/dev/understudy/promotion/check");
    private static final Path TESTS = Path.of("src/test/java/dev/understudy/promotion");

    @Test
    void everyIdIsThereOnce() {
        assertThat(CheckCatalogue.ids()).doesNotHaveDuplicates().allMatch(id -> id.matches("[a-z]+(-[a-z]+)*"));
    }

    @Test
    void everyCheckHasItsSectionAndEverySectionItsCheckInTheSameOrder() throws IOException {
        List<String> sections = Files.readString(PAGE)
                .lines()
                .filter(line -> line.startsWith("### "))
                .map(line -> line.substring(4))
                .toList();

        assertThat(sections).containsExactlyElementsOf(CheckCatalogue.ids());
    }

    @Test
    void everyCheckClassIsInTheCatalogue() throws IOException {
        try (Stream<Path> files = Files.walk(CHECKS)) {
            List<String> classes = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Check.java") && !name.equals("PromotionCheck.java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .toList();

            assertThat(CheckCatalogue.all())
                    .extracting(check -> check.getClass().getSimpleName())
                    .containsExactlyInAnyOrderElementsOf(classes);
        }
    }

    @Test
    void everyCheckIsFoundByATest() throws IOException {
        try (Stream<Path> files = Files.walk(TESTS)) {
            String tests = files.filter(file -> file.toString().endsWith(".java"))
                    .map(CheckCatalogueTest::read)
                    .collect(Collectors.joining());

            assertThat(CheckCatalogue.ids())
                    .filteredOn(id -> !tests.contains('"' + id + '"'))
                    .isEmpty();
        }
    }

    @Test
    void everyThresholdIsInThePagesTable() {
        String page = read(PAGE);

        assertThat(Thresholds.all()).extracting(Threshold::name).doesNotHaveDuplicates();
        assertThat(Thresholds.all())
                .extracting(Threshold::row)
                .filteredOn(row -> !page.contains(row))
                .isEmpty();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
