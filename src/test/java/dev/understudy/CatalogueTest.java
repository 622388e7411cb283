package dev.understudy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.error.ErrorCode;
import dev.understudy.plan.OrderRule;
import dev.understudy.plan.OrderRules;
import dev.understudy.plan.Parameter;
import dev.understudy.plan.StepKind;
import dev.understudy.plan.StepKinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the catalogues in code and the pages about them to each other. */
final class CatalogueTest {
    private static final Path PAGES = Path.of("src/site/markdown");

    @Test
    void everyErrorCodeHasItsSectionAndEverySectionItsCode() throws IOException {
        List<String> sections = Files.readString(PAGES.resolve("errors.md"))
                .lines()
                .filter(line -> line.startsWith("### "))
                .map(line -> line.substring(4))
                .toList();

        assertThat(sections)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ErrorCode.values())
                        .map(code -> code.printed() + " " + code.name())
                        .toList());
    }

    @Test
    void noErrorNumberIsUsedTwice() {
        assertThat(ErrorCode.values()).extracting(ErrorCode::number).doesNotHaveDuplicates();
    }

    @Test
    void everyStepKindHasItsSectionWithItsParametersAndRules() throws IOException {
        String page = Files.readString(PAGES.resolve("steps.md"));

        for (StepKind kind : StepKinds.all()) {
            assertThat(page).contains(section(kind));
        }
        assertThat(page.lines().filter(line -> line.startsWith("## ")).map(line -> line.substring(3)))
                .containsExactlyElementsOf(
                        StepKinds.all().stream().map(StepKind::name).toList());
    }

    private static String section(StepKind kind) {
        StringBuilder text = new StringBuilder("## " + kind.name() + "\n\n" + kind.summary() + "\n");
        if (!kind.parameters().isEmpty()) {
            text.append("\n| argument | type | default | |\n|---|---|---|---|\n");
            kind.parameters().forEach(parameter -> text.append(row(parameter)));
        }
        String rules = OrderRules.all().stream()
                .filter(rule -> rule.kind().equals(kind.name()))
                .map(OrderRule::message)
                .map(message -> "- " + message + "\n")
                .collect(Collectors.joining());
        if (!rules.isEmpty()) {
            text.append("\nRefused when read:\n\n").append(rules);
        }
        return text.toString();
    }

    private static String row(Parameter parameter) {
        String standard = parameter.required()
                ? "required"
                : parameter.findDefault().map(value -> "`" + value + "`").orElse("");
        return "| `%s` | %s | %s | %s |\n"
                .formatted(parameter.name(), parameter.type().name(), standard, parameter.summary());
    }
}
