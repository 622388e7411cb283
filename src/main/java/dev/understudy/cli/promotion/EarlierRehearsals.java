package dev.understudy.cli.promotion;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.console.Format;
import dev.understudy.cli.run.Assembled;
import dev.understudy.cli.run.Assembler;
import dev.understudy.cli.run.Attempt;
import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.OpenRun;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.journal.RunSummary;
import dev.understudy.engine.journal.Runs;
import dev.understudy.engine.run.Interruption.Mode;
import dev.understudy.plan.Plan;
import dev.understudy.plan.Playbook;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Clears away what rehearsals left in the same place whose process is gone: nothing in a copy is worth going on with. */
final class EarlierRehearsals {
    private final Console console;
    private final Format format;
    private final Assembler assembler;
    private final Runs runs;

    EarlierRehearsals(Console console, Format format, Assembler assembler, Runs runs) {
        this.console = console;
        this.format = format;
        this.assembler = assembler;
        this.runs = runs;
    }

    /**
     * Clears them away.
     *
     * @param playbook the rehearsal's
     * @param target where the new rehearsal makes its copy
     * @param values what it is told: a password that a run did not write down is among them
     * @return the exit code of the first that could not be cleared; 0 if none is left
     */
    int clear(String playbook, String target, Map<String, String> values) {
        List<RunSummary> left = runs.list().stream()
                .filter(run -> run.playbook().equals(playbook) && run.target().equals(target))
                .filter(run -> run.outcome() == Outcome.INTERRUPTED || run.outcome() == Outcome.LEFT)
                .toList();
        for (RunSummary run : left) {
            console.people(format).line("Clears away what rehearsal " + run.run() + " left.");
            int code = abort(run.run(), values);
            if (code != ExitCode.OK.number()) {
                return code;
            }
            console.people(format).line("");
        }
        return ExitCode.OK.number();
    }

    private int abort(String name, Map<String, String> values) {
        try (OpenRun run = runs.open(name);
                Assembled assembled = assembler.assemble(plan(name, run, values))) {
            return new Attempt(console, format, Mode.KEEP).abort(run, assembled).exitCode();
        }
    }

    private Plan plan(String name, OpenRun run, Map<String, String> values) {
        Map<String, String> given = new LinkedHashMap<>(values);
        given.putAll(RunState.of(run.past()).start().parameters());
        String file = runs.directory(name).resolve(Runs.PLAYBOOK_FILE).toString();
        return Playbook.read(file, runs.playbookText(name)).resolve(given);
    }
}
