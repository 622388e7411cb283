package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cli.console.Console;
import dev.understudy.plan.PlaybookParameter;
import dev.understudy.plan.Playbooks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Holds the pages to the command line, the playbooks, and one another. */
final class DocumentationTest {
    private static final Path PAGES = Path.of("src/site/markdown");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+)$");
    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```$");
    private static final Pattern RECORD = Pattern.compile("\\d{4}-[a-z0-9-]+\\.md");

    /** Homes and work places of machines; what a page needs as an example it can take from elsewhere. */
    private static final Pattern MACHINE_PATH = Pattern.compile("(?:^|[\\s\"'`=(])/(?:home|root|work|tmp|Users)/");

    @Test
    void everyCommandIsInAPage() {
        String all =
                String.join("\n", pages().stream().map(DocumentationTest::read).toList());

        assertThat(commands())
                .isNotEmpty()
                .allSatisfy(command -> assertThat(all)
                        .contains(command.getCommandSpec().qualifiedName().replace("understudy ", "")));
    }

    @Test
    void everyCommandOptionAndArgumentSaysInItsHelpWhatItIs() {
        List<String> silent = new ArrayList<>();
        for (CommandLine command : commands()) {
            String name = command.getCommandSpec().qualifiedName();
            if (command.getCommandSpec().usageMessage().description().length == 0) {
                silent.add(name);
            }
            for (OptionSpec option : command.getCommandSpec().options()) {
                if (option.description().length == 0 && !option.hidden()) {
                    silent.add(name + " " + option.longestName());
                }
            }
            for (PositionalParamSpec argument : command.getCommandSpec().positionalParameters()) {
                if (argument.description().length == 0 && !argument.hidden()) {
                    silent.add(name + " " + argument.paramLabel());
                }
            }
        }

        assertThat(silent).isEmpty();
    }

    @Test
    void everyOptionInAPageIsThereForTheCommandItStandsBehind() {
        Pattern use = Pattern.compile("(?m)^(?:\\$ )?understudy .*$");
        Pattern option = Pattern.compile("(?<= )(--[a-z][a-z-]*)");

        for (Path page : pages()) {
            use.matcher(read(page)).results().forEach(line -> {
                String text = line.group().split(" \\| |  +")[0];
                option.matcher(text)
                        .results()
                        .forEach(found -> assertThat(optionsOf(text))
                                .as("%s: %s", page, text)
                                .contains(found.group(1)));
            });
        }
    }

    /** Those of the innermost command that a line names. */
    private static List<String> optionsOf(String line) {
        CommandLine command = Commands.of(Console.system());
        for (String word : line.replaceFirst("^(\\$ )?understudy ", "").split(" ")) {
            CommandLine inner = command.getSubcommands().get(word);
            if (inner == null) {
                break;
            }
            command = inner;
        }
        return command.getCommandSpec().options().stream()
                .flatMap(found -> Stream.of(found.names()))
                .toList();
    }

    private static List<CommandLine> commands() {
        List<CommandLine> found = new ArrayList<>();
        collect(Commands.of(Console.system()), found);
        return found;
    }

    private static void collect(CommandLine command, List<CommandLine> into) {
        for (CommandLine inner : command.getSubcommands().values()) {
            if (!inner.getCommandSpec().usageMessage().hidden()) {
                into.add(inner);
                collect(inner, into);
            }
        }
    }

    @Test
    void everyParameterOfAShippedPlaybookIsInItsTableWithItsDefault() {
        List<String> rows = read(PAGES.resolve("playbooks.md")).lines().toList();

        for (String playbook : Playbooks.shipped()) {
            for (PlaybookParameter parameter : Playbooks.load(playbook).parameters()) {
                String beginning = "| `" + parameter.name() + "` | "
                        + parameter
                                .findDefault()
                                .map(value -> "`" + value + "` |")
                                .orElse("");
                assertThat(rows)
                        .as("row of parameter %s of playbook %s", parameter.name(), playbook)
                        .anySatisfy(row -> assertThat(row).startsWith(beginning).containsPattern(used(playbook)));
            }
        }
    }

    /** The column that says which playbooks have it. */
    private static Pattern used(String playbook) {
        return Pattern.compile("^\\|[^|]*\\|[^|]*\\|[^|]*\\b(?:all|" + playbook + ")\\b[^|]*\\|");
    }

    @Test
    void everyPageIsLinkedFromTheIndex() {
        List<String> linked = links(PAGES.resolve("index.md")).stream()
                .map(link -> link.replaceFirst("#.*", ""))
                .toList();

        assertThat(pages())
                .filteredOn(page -> !page.endsWith("index.md"))
                .allSatisfy(page ->
                        assertThat(linked).contains(PAGES.relativize(page).toString()));
    }

    @Test
    void everyLinkBetweenPagesLeadsSomewhere() {
        for (Path page : pages()) {
            for (String link : links(page)) {
                if (link.contains("://")) {
                    continue;
                }
                String[] parts = link.split("#", 2);
                Path target = parts[0].isEmpty()
                        ? page
                        : page.resolveSibling(parts[0]).normalize();
                assertThat(target).as("link in %s", page).isRegularFile();
                if (parts.length == 2) {
                    assertThat(anchors(target))
                            .as("link in %s to %s", page, link)
                            .contains(parts[1]);
                }
            }
        }
    }

    @Test
    void noPageHasAPathOfSomebodysMachine() {
        assertThat(pages()).allSatisfy(page -> assertThat(read(page)).doesNotContainPattern(MACHINE_PATH));
    }

    @Test
    void decisionRecordsAreNumberedFromOneWithoutGapsOrDoubles() {
        List<String> names = pages().stream()
                .filter(page -> page.startsWith(PAGES.resolve("adr")))
                .map(page -> page.getFileName().toString())
                .sorted()
                .toList();

        assertThat(names).isNotEmpty().allSatisfy(name -> assertThat(name).matches(RECORD));
        for (int number = 1; number <= names.size(); number++) {
            String name = names.get(number - 1);
            assertThat(name).startsWith("%04d-".formatted(number));
            assertThat(read(PAGES.resolve("adr").resolve(name))).startsWith("# " + number + ". ");
        }
    }

    private static List<String> links(Path page) {
        String text = FENCE.matcher(read(page)).replaceAll("");
        return LINK.matcher(text).results().map(link -> link.group(1)).toList();
    }

    /** As Markdown's usual renderers make them: lower case, without signs, hyphens for spaces. */
    private static List<String> anchors(Path page) {
        return HEADING.matcher(FENCE.matcher(read(page)).replaceAll(""))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .strip()
                        .replace(' ', '-'))
                .toList();
    }

    private static List<Path> pages() {
        try (Stream<Path> found = Files.walk(PAGES)) {
            return found.filter(page -> page.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
