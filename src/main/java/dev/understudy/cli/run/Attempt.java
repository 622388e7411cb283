package dev.understudy.cli.run;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ErrorReporter;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.console.Format;
import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.OpenRun;
import dev.understudy.engine.journal.RunHeader;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.journal.Runs;
import dev.understudy.engine.journal.TargetHold;
import dev.understudy.engine.run.Engine;
import dev.understudy.engine.run.Interruption;
import dev.understudy.engine.run.RunDefinition;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.plan.Plan;
import dev.understudy.plan.RedactedPlan;
import dev.understudy.report.RunReport;
import dev.understudy.report.RunReports;
import java.util.function.BiFunction;

/** Takes one run from here to its end: live output, signals, engine, report files. The same for all commands. */
public final class Attempt {
    private final Console console;
    private final Format format;
    private final Interruption.Mode onInterrupt;
    private final Interruption interruption = new Interruption();
    private boolean keepsOnFailure;

    /** @param onInterrupt what becomes of what the run made when it is told to stop */
    public Attempt(Console console, Format format, Interruption.Mode onInterrupt) {
        this.console = console;
        this.format = format;
        this.onInterrupt = onInterrupt;
    }

    /** What a failed run made stays for resume or abort. */
    public Attempt keepingOnFailure(boolean keeps) {
        keepsOnFailure = keeps;
        return this;
    }

    /** The way to stop the attempt from elsewhere. */
    public Interruption interruption() {
        return interruption;
    }

    /** Runs a plan as a new run. */
    public RunReport start(Runs runs, Plan plan, Assembled assembled) {
        try (OpenRun run = runs.create(header(plan, assembled), assembled.lock())) {
            return take(run, assembled.definition(), Engine::run);
        }
    }

    /** Finishes an interrupted run. */
    public RunReport resume(OpenRun run, Assembled assembled) {
        return takeUp(run, assembled, Engine::resume);
    }

    /** Takes back what an interrupted run made. */
    public RunReport abort(OpenRun run, Assembled assembled) {
        return takeUp(run, assembled, Engine::abort);
    }

    /** The target's lock is given back before its host is closed, which the caller does. */
    private RunReport takeUp(OpenRun run, Assembled assembled, BiFunction<Engine, OpenRun, RunState> verb) {
        requireSameTarget(run, assembled);
        try (TargetHold ignored = assembled.lock().apply(run.name())) {
            return take(run, assembled.definition(), verb);
        }
    }

    private static void requireSameTarget(OpenRun run, Assembled assembled) {
        String journaled = RunState.of(run.past()).start().target();
        if (!journaled.equals(assembled.target())) {
            throw UnderstudyException.of(
                            ErrorCode.RUN_PLAN_CHANGED,
                            "run \"%s\" builds \"%s\", not \"%s\"",
                            run.name(),
                            journaled,
                            assembled.target())
                    .hint("For another target, start another run.")
                    .build();
        }
    }

    private static RunHeader header(Plan plan, Assembled assembled) {
        RedactedPlan redacted = plan.redacted();
        return new RunHeader(
                plan.name(),
                redacted.playbookText(),
                redacted.values(),
                redacted.withheld(),
                assembled.target(),
                assembled.definition().names(),
                plan.provesStandby() ? Outcome.PROVEN : Outcome.DONE);
    }

    private RunReport take(OpenRun run, RunDefinition definition, BiFunction<Engine, OpenRun, RunState> verb) {
        try (RunOutput output = new RunOutput(console, format);
                Signals signals = Signals.listen(interruption, onInterrupt, output::say)) {
            begin(output, run);
            RunState end =
                    verb.apply(new Engine(definition, output, interruption).keepingOnFailure(keepsOnFailure), run);
            RunReport report = RunReports.of(end, ExitCode.of(end).number());
            output.end(report);
            writeFiles(report, run, output);
            return report;
        }
    }

    /** A journal of one line is a new run's: that line was written before anybody listened. */
    private static void begin(RunOutput output, OpenRun run) {
        if (run.past().size() == 1) {
            output.event(run.past().get(0));
        } else {
            output.recall(RunState.of(run.past()).start());
        }
    }

    /** That the report could not be written changes nothing about how the run ended. */
    private void writeFiles(RunReport report, OpenRun run, RunOutput output) {
        try {
            output.say("");
            output.say("Report: " + ReportFiles.write(report, run.directory()));
        } catch (UnderstudyException e) {
            new ErrorReporter(console).show(e);
        }
    }
}
