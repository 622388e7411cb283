package dev.understudy.cli.run;

import dev.understudy.engine.journal.OpenRun;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.journal.Runs;
import dev.understudy.plan.Plan;
import dev.understudy.plan.Playbook;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which run to go on with, and the secrets that were not written down when it began. */
final class EarlierRun {
    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "The run's name, or a part of it that no other run has. See them with: understudy runs")
    private String run = "";

    @Option(
            names = {"-e", "--set"},
            paramLabel = "NAME=VALUE",
            mapFallbackValue = "",
            description =
                    "Gives a value again that the run did not write down because it is secret, or another one, such as"
                            + " start or port after a failed start; may be repeated.")
    private Map<String, String> values = new LinkedHashMap<>();

    OpenRun open(Runs runs) {
        return runs.open(State.fullName(runs, run));
    }

    /** The run's plan as it was, with what was withheld put in again. */
    Plan plan(Runs runs, OpenRun open) {
        RunState state = RunState.of(open.past());
        Map<String, String> given = new LinkedHashMap<>(state.start().parameters());
        given.putAll(values);
        String file = runs.directory(open.name()).resolve(Runs.PLAYBOOK_FILE).toString();
        return Playbook.read(file, runs.playbookText(open.name())).resolve(given);
    }
}
