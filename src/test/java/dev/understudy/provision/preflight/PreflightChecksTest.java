package dev.understudy.provision.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.check.CheckState;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the catalogue, the classes and the page to each other. */
final class PreflightChecksTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/understudy/provision/preflight/check");
    private static final Path PAGE = Path.of("src/site/markdown/preflight.md");

    @Test
    void theListIsSortedAndEachIdIsThereOnce() {
        assertThat(PreflightChecks.all())
                .extracting(PreflightCheck::id)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(PreflightChecks.all()).extracting(PreflightCheck::id).allMatch(id -> id.matches("[a-z]+(-[a-z]+)*"));
    }

    @Test
    void everyCheckClassIsInTheList() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<String> classes = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Check.java") && !name.equals("PreflightCheck.java"))
                    .map(name -> name.replace(".java", ""))
                    .toList();
            assertThat(PreflightChecks.all())
                    .extracting(check -> check.getClass().getSimpleName())
                    .containsExactlyInAnyOrderElementsOf(classes);
        }
    }

    @Test
    void everyCheckHasItsSectionWithItsSummary() throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        List<String> sections = lines.stream()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring(3))
                .toList();
        assertThat(sections)
                .containsExactlyElementsOf(
                        PreflightChecks.all().stream().map(PreflightCheck::id).toList());
        for (PreflightCheck check : PreflightChecks.all()) {
            int heading = lines.indexOf("## " + check.id());
            assertThat(lines.get(heading + 2))
                    .as(check.id())
                    .isEqualTo("Passes when: " + check.info().summary() + ".");
        }
    }

    @Test
    void aHealthyPairPassesEveryCheck() {
        PreflightReport report = Preflight.judge(new SampleFacts().build(), Set.of());

        assertThat(report.failures()).isEmpty();
        assertThat(report.warnings()).isEmpty();
    }

    @Test
    void nothingKnownIsSkippedOrFailedButNeverBreaks() {
        SampleFacts facts = new SampleFacts();
        facts.refusal = Known.of("could not connect to the server");
        facts.targetRefusal = Known.of("host \"db2\" cannot be reached");
        facts.filesRefusal = Known.of("no host");
        facts.sameMachine = Known.unknown("nothing is known");
        facts.replication = Known.unknown("nothing is known");
        facts.password = Known.unknown("nothing is known");
        facts.missingPrivileges = Known.unknown("nothing is known");

        PreflightReport report = Preflight.judge(facts.build(), Set.of());

        assertThat(report.failures())
                .extracting(PreflightResult::id)
                .containsExactly("primary-reachable", "target-account");
        assertThat(report.in(CheckState.PASS)).extracting(PreflightResult::id).containsExactly("route");
    }
}
