package dev.understudy.cli.doctor;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.console.Format;
import dev.understudy.cli.run.Assembled;
import dev.understudy.cli.run.Assembler;
import dev.understudy.cli.run.Attempt;
import dev.understudy.cli.run.PlanPreview;
import dev.understudy.cli.run.State;
import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.engine.run.Interruption.Mode;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.plan.Plan;
import dev.understudy.plan.Playbooks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs a remedy that a diagnosis offers. */
final class Repair {
    private final Console console;
    private final Format format;
    private final Assembler assembler;

    Repair(Console console, Format format, Assembler assembler) {
        this.console = console;
        this.format = format;
        this.assembler = assembler;
    }

    /**
     * Shows the plan of a remedy, asks unless told not to, and runs it.
     *
     * @param primary the primary's connection string as it was given, which may hold a password
     * @param values further parameters, which win
     * @return the exit code
     */
    int run(Diagnosis diagnosis, String id, Optional<String> primary, Map<String, String> values, boolean yes) {
        Remedy remedy = find(diagnosis, id);
        Map<String, String> parameters = new LinkedHashMap<>(remedy.parameters());
        primary.ifPresent(given -> parameters.put("primary", given));
        parameters.putAll(values);
        Plan plan = Playbooks.load(remedy.playbook()).resolve(parameters);
        try (Assembled assembled = assembler.assemble(plan)) {
            if (!yes && !isWanted(plan, assembled)) {
                console.people(format).line("Nothing was changed.");
                return ExitCode.REFUSED.number();
            }
            return new Attempt(console, format, Mode.UNDO)
                    .start(State.runs(), plan, assembled)
                    .exitCode();
        }
    }

    private static Remedy find(Diagnosis diagnosis, String id) {
        List<String> offered = diagnosis.findings().stream()
                .flatMap(finding -> finding.remedies().stream())
                .filter(Remedy::automatic)
                .map(Remedy::id)
                .distinct()
                .toList();
        Remedy remedy = diagnosis
                .remedy(id)
                .orElseThrow(() -> UnderstudyException.of(
                                ErrorCode.REMEDY_UNKNOWN, "no finding offers the remedy \"%s\"", id)
                        .hint(
                                "%s",
                                offered.isEmpty()
                                        ? "None of the findings has a remedy that can be run."
                                        : "Those that can be run are: " + String.join(", ", offered) + ".")
                        .build());
        if (!remedy.automatic()) {
            throw UnderstudyException.of(ErrorCode.REMEDY_BY_HAND, "remedy \"%s\" is to be carried out by hand", id)
                    .detail("%s.", remedy.description())
                    .hint("%s", remedy.command())
                    .build();
        }
        return remedy;
    }

    private boolean isWanted(Plan plan, Assembled assembled) {
        Console.Stream people = console.people(format);
        PlanPreview.show(people, plan, assembled);
        people.line("Do this? Type \"yes\" to go on:");
        try {
            String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            return answer != null && answer.strip().equalsIgnoreCase("yes");
        } catch (IOException e) {
            throw new UncheckedIOException("could not read the answer", e);
        }
    }
}
