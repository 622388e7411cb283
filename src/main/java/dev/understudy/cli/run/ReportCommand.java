package dev.understudy.cli.run;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.console.Format;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.journal.Runs;
import dev.understudy.report.HtmlReport;
import dev.understudy.report.JsonReport;
import dev.understudy.report.Paint;
import dev.understudy.report.RunReport;
import dev.understudy.report.RunReports;
import dev.understudy.report.TextReport;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints a run's report, made anew from its journal. */
@Command(
        name = "report",
        description = "Prints the report of a run: its outcome, the proof, and what every step saw.",
        footer = {
            "",
            "Examples:",
            "  understudy report 20261120T075100Z-standby-3f2a",
            "  understudy report 3f2a --format html -o standby.html",
            "  understudy report 3f2a --format json | jq .proof"
        })
public final class ReportCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "RUN", description = "The run's name, or a part of it that no other run has.")
    private String run = "";

    @Option(
            names = "--format",
            paramLabel = "text|json|html",
            defaultValue = "text",
            description = "How the report is printed; ${DEFAULT-VALUE} by default.")
    private Format format = Format.TEXT;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Writes the report to a file instead of standard output.")
    private Optional<Path> output = Optional.empty();

    public ReportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Runs runs = State.runs();
        RunState state = runs.state(State.fullName(runs, run));
        RunReport report = RunReports.of(state, ExitCode.of(state).number());
        if (output.isPresent()) {
            ReportFiles.writeNamed(output.get(), render(report, Paint.PLAIN));
        } else {
            console.out().print().print(render(report, console.out().colour() ? Paint.COLOURED : Paint.PLAIN));
        }
        return ExitCode.OK.number();
    }

    private String render(RunReport report, Paint paint) {
        return switch (format) {
            case TEXT -> TextReport.render(report, paint);
            case JSON -> JsonReport.pretty(report);
            case HTML -> HtmlReport.render(report);
        };
    }
}
