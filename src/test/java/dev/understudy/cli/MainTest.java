package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

final class MainTest {
    @Test
    void theVersionIsOneLine() {
        Captured version = Captured.run("--version");

        assertThat(version.status()).isZero();
        assertThat(version.out()).matches("understudy .+ \\(PostgreSQL 9\\.6 to 18\\)\n");
        assertThat(version.err()).isEmpty();
    }

    @Test
    void aSubcommandSaysTheSameVersion() {
        assertThat(Captured.run("runs", "-V")).isEqualTo(Captured.run("-V"));
    }

    @Test
    void withoutACommandUsageIsShownAsAnError() {
        Captured nothing = Captured.run();

        assertThat(nothing.status()).isEqualTo(2);
        assertThat(nothing.out()).isEmpty();
        assertThat(nothing.err()).isEqualTo("understudy: error: no command given\nHINT:  Try \"understudy --help\".\n");
    }

    @Test
    void anUnknownCommandIsUsage() {
        Captured unknown = Captured.run("dance");

        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err())
                .isEqualTo("understudy: error: unknown command \"dance\"\nHINT:  Try \"understudy --help\".\n");
    }

    @Test
    void anUnknownOptionIsUsage() {
        Captured unknown = Captured.run("runs", "--colour");

        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err())
                .isEqualTo("understudy: error: unknown option \"--colour\"\nHINT:  Try \"understudy runs --help\".\n");
    }

    @Test
    void aMissingParameterIsUsage() {
        Captured missing = Captured.run("report");

        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err())
                .isEqualTo("understudy: error: missing required parameter: \"RUN\"\n"
                        + "HINT:  Try \"understudy report --help\".\n");
    }

    @Test
    void aFormatThatIsNoneIsUsage() {
        Captured wrong = Captured.run("runs", "--format", "xml");

        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).contains("expected text or json but was \"xml\"");
    }

    @TestFactory
    List<DynamicTest> everyCommandsHelpNamesAllItsOptions() {
        CommandLine root = commands();
        List<DynamicTest> tests = new ArrayList<>();
        forEach(root, List.of(), tests);
        return tests;
    }

    private static void forEach(CommandLine command, List<String> path, List<DynamicTest> tests) {
        tests.add(DynamicTest.dynamicTest(
                command.getCommandSpec().qualifiedName(), () -> helpNamesAllOptions(command, path)));
        for (Map.Entry<String, CommandLine> sub : command.getSubcommands().entrySet()) {
            List<String> longer = new ArrayList<>(path);
            longer.add(sub.getKey());
            forEach(sub.getValue(), longer, tests);
        }
    }

    private static void helpNamesAllOptions(CommandLine command, List<String> path) {
        List<String> arguments = new ArrayList<>(path);
        arguments.add("--help");
        Captured help = Captured.run(arguments.toArray(String[]::new));

        assertThat(help.status()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(command.getCommandSpec().options())
                .extracting(OptionSpec::longestName)
                .contains("--help", "--version");
        assertThat(command.getCommandSpec().options())
                .allSatisfy(option -> assertThat(help.out()).contains(option.longestName()));
        assertThat(help.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(110));
    }

    @Test
    void everyCommandOfTheContractIsThere() {
        assertThat(commands().getSubcommands().keySet())
                .contains("demo", "playbooks", "plan", "run", "runs", "resume", "abort", "report", "inspect");
    }

    @Test
    void everyVisibleCommandHasAManualPage() {
        Map<String, String> pages = ManPages.of(commands());

        assertThat(pages).containsKeys("understudy.1", "understudy-run.1", "understudy-inspect-wal.1");
        assertThat(pages).doesNotContainKey("understudy-warm-up.1");
        assertThat(pages.get("understudy-run.1"))
                .startsWith(".TH \"UNDERSTUDY-RUN\" 1")
                .contains("understudy\\-run \\- Runs a playbook: builds a standby and proves it.")
                .contains(".B \\-\\-keep\\-on\\-interrupt\n")
                .contains(".B \\-e, \\-\\-set NAME=VALUE\n");
    }

    @Test
    void theCompletionScriptKnowsTheCommands() {
        assertThat(Captured.run("generate-completion").out()).contains("playbooks", "--keep-on-interrupt");
    }

    private static CommandLine commands() {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
        return Commands.of(new Console(Console.Stream.plain(nowhere), Console.Stream.plain(nowhere)));
    }
}
