package dev.understudy.cli.doctor;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.console.Format;
import dev.understudy.cli.run.Assembler;
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
import dev.understudy.report.Paint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Option(
            names = "--collect",
            paramLabel = "FILE",
            description = "Saves the facts, without secrets, to be examined elsewhere.")
    private Optional<Path> collect = Optional.empty();

    @Option(names = "--from", paramLabel = "FILE", description = "Examines saved facts.")
    private Optional<Path> from = Optional.empty();

    @Option(names = "--watch", description = "Examines again and again until all is healthy.")
    private boolean watch;

    @Option(
            names = "--format",
            paramLabel = "text|json|html",
            defaultValue = "text",
            description = "How the diagnosis is printed; ${DEFAULT-VALUE} by default.")
    private Format format = Format.TEXT;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Writes the diagnosis to a file instead of standard output.")
    private Optional<Path> output = Optional.empty();

    public DoctorCommand(Console console, Assembler assembler) {
        this.console = console;
        this.assembler = assembler;
    }

    @Override
    public Integer call() {
        if (from.isPresent() && (watch || repair.isPresent())) {
            throw UnderstudyException.of(ErrorCode.VALUE_INVALID, "saved facts can neither be watched nor repaired")
                    .hint("Leave out --from, and say where the standby is.")
                    .build();
        }
        Facts facts = facts();
        collect.ifPresent(file -> write(file, FactsJson.write(facts)));
        Diagnosis diagnosis = Doctor.examine(facts);
        show(diagnosis);
        if (repair.isPresent()) {
            return new Repair(console, format, assembler).run(diagnosis, repair.get(), subject.primary(), values, yes);
        }
        if (watch && !diagnosis.isHealthy()) {
            return watchFrom(diagnosis);
        }
        return diagnosis.isHealthy() ? ExitCode.OK.number() : ExitCode.FINDINGS.number();
    }

    private Facts facts() {
        return from.map(file -> FactsJson.read(file.toString(), read(file))).orElseGet(() -> gather(subject.request()));
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
        Paint paint = console.out().colour() && output.isEmpty() ? Paint.COLOURED : Paint.PLAIN;
        String text = switch (format) {
            case TEXT -> DiagnosisText.render(diagnosis, paint);
            case JSON ->
                watch || repair.isPresent() ? DiagnosisJson.line(diagnosis) + "\n" : DiagnosisJson.pretty(diagnosis);
            case HTML -> DiagnosisHtml.render(diagnosis);
        };
        if (output.isPresent()) {
            write(output.get(), text);
        } else {
            console.out().print().print(text);
            console.out().print().flush();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw UnderstudyException.of(ErrorCode.FACTS_INVALID, "could not read file \"%s\"", file)
                    .detail("%s", e.toString())
                    .cause(e)
                    .build();
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw UnderstudyException.of(ErrorCode.OUTPUT_FAILED, "could not write file \"%s\"", file)
                    .detail("%s", e.toString())
                    .cause(e)
                    .build();
        }
    }
}
