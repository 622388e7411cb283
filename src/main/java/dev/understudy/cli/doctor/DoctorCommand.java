package dev.understudy.cli.doctor;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.run.Assembler;
import dev.understudy.cli.run.LookOptions;
import dev.understudy.doctor.Doctor;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.FactsJson;
import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.gather.FactsGatherer;
import dev.understudy.doctor.gather.Request;
import dev.understudy.engine.run.Time;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.open.Hosts;
import dev.understudy.report.DiagnosisHtml;
import dev.understudy.report.DiagnosisJson;
import dev.understudy.report.DiagnosisText;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says why a standby, a slot or an archive is not well, and the cheapest legal way out. */
@Command(
        name = "doctor",
        description = {
            "Says why a standby, a slot or an archive is not well, with the evidence, and the ways out by their cost.",
            "Works while the standby is down, from whatever is given. Changes nothing unless told to repair.",
            "Exit code 1 if something is found, or nothing could be seen to work."
        },
        footer = {
            "",
            "Examples:",
            "  understudy doctor -D /srv/pg/data --primary 'host=db1 user=postgres'",
            "  understudy doctor -D /srv/pg/data --host ssh://postgres@db2 --standby host=db2 --primary host=db1",
            "  understudy doctor --receiver /srv/wal --slot archiver --primary host=db1 --repair repair-archiver",
            "  understudy doctor -D /srv/pg/data --collect facts.json"
        })
public final class DoctorCommand implements Callable<Integer> {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    private final Console console;
    private final Assembler assembler;

    @Mixin
    private final Subject subject = new Subject();

    @Option(
            names = "--repair",
            paramLabel = "REMEDY",
            description = "Runs a remedy that the diagnosis offers, after showing its plan and asking.")
    private Optional<String> repair = Optional.empty();

    @Option(names = "--yes", description = "With --repair: does not ask.")
    private boolean yes;

    @Option(
            names = {"-e", "--set"},
            paramLabel = "NAME=VALUE",
            mapFallbackValue = "",
            description = "With --repair: gives a parameter of the remedy's playbook its value; may be repeated.")
    private Map<String, String> values = new LinkedHashMap<>();

    @Option(names = "--watch", description = "Examines again and again until all is healthy.")
    private boolean watch;

    @Mixin
    private final LookOptions look = new LookOptions();

    public DoctorCommand(Console console, Assembler assembler) {
        this.console = console;
        this.assembler = assembler;
    }

    @Override
    public Integer call() {
        if (look.from().isPresent() && (watch || repair.isPresent())) {
            throw UnderstudyException.of(ErrorCode.VALUE_INVALID, "saved facts can neither be watched nor repaired")
                    .hint("Leave out --from, and say where the standby is.")
                    .build();
        }
        Facts facts = facts();
        look.save(FactsJson.write(facts));
        Diagnosis diagnosis = Doctor.examine(facts);
        show(diagnosis);
        if (repair.isPresent()) {
            return new Repair(console, look.format(), assembler)
                    .run(diagnosis, repair.get(), subject.primary(), values, yes);
        }
        if (watch && !diagnosis.isHealthy()) {
            return watchFrom(diagnosis);
        }
        return diagnosis.isHealthy() ? ExitCode.OK.number() : ExitCode.FINDINGS.number();
    }

    private Facts facts() {
        return look.from()
                .map(file -> FactsJson.read(file.toString(), LookOptions.read(file, ErrorCode.FACTS_INVALID)))
                .orElseGet(() -> gather(subject.request()));
    }

    private static Facts gather(Request request) {
        return new FactsGatherer(Hosts::open, Clock.systemUTC()).gather(request);
    }

    /** Shows each diagnosis that differs from the one before. */
    private int watchFrom(Diagnosis first) {
        Request request = subject.request();
        Diagnosis shown = first;
        while (!shown.isHealthy()) {
            pause();
            Diagnosis next = Doctor.examine(gather(request));
            if (next.isHealthy() || !next.findings().equals(shown.findings())) {
                show(next);
            }
            shown = next;
        }
        return ExitCode.OK.number();
    }

    private static void pause() {
        try {
            Time.system().sleep(BETWEEN_LOOKS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw UnderstudyException.of(ErrorCode.RUN_INTERRUPTED, "interrupted")
                    .cause(e)
                    .build();
        }
    }

    private void show(Diagnosis diagnosis) {
        String text = switch (look.format()) {
            case TEXT -> DiagnosisText.render(diagnosis, look.paint(console));
            case JSON ->
                watch || repair.isPresent() ? DiagnosisJson.line(diagnosis) + "\n" : DiagnosisJson.pretty(diagnosis);
            case HTML -> DiagnosisHtml.render(diagnosis);
        };
        look.print(console, text);
    }
}
