package dev.understudy.cli.run;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.console.Table;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.journal.RunSummary;
import dev.understudy.engine.journal.Runs;
import dev.understudy.report.Json;
import dev.understudy.report.JsonReport;
import dev.understudy.report.Paint;
import dev.understudy.report.Printable;
import dev.understudy.report.RunReport;
import dev.understudy.report.RunReports;
import dev.understudy.report.TextReport;
import dev.understudy.report.Words;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists runs, or shows one. */
@Command(
        name = "runs",
        description = "Lists the runs on this machine, newest first; or shows one in detail.",
        footer = {
            "",
            "Examples:",
            "  understudy runs",
            "  understudy runs 3f2a",
            "  understudy runs --format json | jq -r '.[] | select(.outcome == \"interrupted\") | .run'"
        })
public final class RunsCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(arity = "0..1", paramLabel = "RUN", description = "The run's name, or a part of it that no other has.")
    private Optional<String> run = Optional.empty();

    @Mixin
    private final FormatOption format = new FormatOption();

    public RunsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Runs runs = State.runs();
        run.ifPresentOrElse(name -> show(runs, State.fullName(runs, name)), () -> list(runs.list()));
        return ExitCode.OK.number();
    }

    private void show(Runs runs, String name) {
        RunState state = runs.state(name);
        RunReport report = RunReports.of(state, ExitCode.of(state).number());
        Paint paint = console.out().colour() ? Paint.COLOURED : Paint.PLAIN;
        console.out().print().print(format.isJson() ? JsonReport.pretty(report) : TextReport.render(report, paint));
    }

    private void list(List<RunSummary> summaries) {
        if (format.isJson()) {
            console.out()
                    .line(Json.pretty(summaries.stream().map(RunsCommand::tree).toList()));
            return;
        }
        if (summaries.isEmpty()) {
            console.out().line("No runs yet.");
            return;
        }
        Table table = new Table("RUN", "OUTCOME", "STARTED", "TARGET");
        summaries.forEach(summary -> table.add(
                summary.run(),
                summary.problem().isEmpty() ? summary.outcome().printed() : "unreadable",
                Words.moment(summary.startedAt()),
                Printable.line(summary.problem().isEmpty() ? summary.target() : summary.problem())));
        table.lines().forEach(console.out()::line);
    }

    private static Map<String, Object> tree(RunSummary summary) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("run", summary.run());
        tree.put("playbook", summary.playbook());
        tree.put("outcome", summary.outcome().printed());
        tree.put("startedAt", summary.startedAt().truncatedTo(ChronoUnit.SECONDS));
        tree.put("target", summary.target());
        if (!summary.problem().isEmpty()) {
            tree.put("problem", summary.problem());
        }
        return tree;
    }
}
