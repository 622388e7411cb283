package dev.understudy.cli.run;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.console.Table;
import dev.understudy.plan.Playbook;
import dev.understudy.plan.PlaybookParameter;
import dev.understudy.plan.Playbooks;
import dev.understudy.report.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the shipped playbooks, or shows one with its parameters. */
@Command(
        name = "playbooks",
        description = "Lists the shipped playbooks; or shows one, or a file's, with its parameters.",
        footer = {
            "",
            "Examples:",
            "  understudy playbooks",
            "  understudy playbooks standby",
            "  understudy playbooks standby --source > our-standby.yaml"
        })
public final class PlaybooksCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "A shipped playbook's name, or a file.")
    private Optional<String> name = Optional.empty();

    @Option(names = "--source", description = "Prints the playbook itself, to begin one's own from.")
    private boolean source;

    @Mixin
    private final FormatOption format = new FormatOption();

    public PlaybooksCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (name.isPresent()) {
            show(Playbooks.load(name.get()));
        } else {
            list(Playbooks.shipped().stream().map(Playbooks::load).toList());
        }
        return ExitCode.OK.number();
    }

    private void list(List<Playbook> playbooks) {
        if (format.isJson()) {
            console.out()
                    .line(Json.pretty(
                            playbooks.stream().map(PlaybooksCommand::tree).toList()));
            return;
        }
        Table table = new Table("NAME", "DESCRIPTION");
        playbooks.forEach(playbook -> table.add(playbook.name(), playbook.description()));
        table.lines().forEach(console.out()::line);
        console.out().line("");
        console.out().line("Parameters of one: understudy playbooks NAME");
    }

    private void show(Playbook playbook) {
        if (source) {
            console.out().print().print(playbook.text());
            return;
        }
        if (format.isJson()) {
            console.out().line(Json.pretty(tree(playbook)));
            return;
        }
        console.out().line(playbook.name() + ": " + playbook.description());
        console.out().line("");
        Table table = new Table("PARAMETER", "DEFAULT", "DESCRIPTION");
        playbook.parameters()
                .forEach(parameter -> table.add(parameter.name(), fallback(parameter), parameter.description()));
        table.lines().forEach(console.out()::line);
    }

    private static String fallback(PlaybookParameter parameter) {
        return parameter.required() ? "(required)" : parameter.findDefault().orElse("");
    }

    private static Map<String, Object> tree(Playbook playbook) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", playbook.name());
        tree.put("description", playbook.description());
        tree.put(
                "parameters",
                playbook.parameters().stream().map(PlaybooksCommand::tree).toList());
        return tree;
    }

    private static Map<String, Object> tree(PlaybookParameter parameter) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", parameter.name());
        tree.put("description", parameter.description());
        tree.put("required", parameter.required());
        parameter.findDefault().ifPresent(value -> tree.put("default", value));
        return tree;
    }
}
