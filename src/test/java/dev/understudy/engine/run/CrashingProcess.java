package dev.understudy.engine.run;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Outcome;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.engine.journal.OpenRun;
import dev.understudy.engine.journal.ProcessInfo;
import dev.understudy.engine.journal.RunHeader;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.journal.Runs;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process of its own that runs steps which make files, and dies without a word after so many lines of its journal.
 * Arguments: directory, {@code run}, {@code fail}, {@code resume RUN} or {@code abort RUN}, and the line.
 */
final class CrashingProcess {
    private static final List<String> NAMES = List.of("reserve", "start", "copy", "stop");

    private CrashingProcess() {}

    /** Makes a file, in two halves; what stands is what it made only if it said so first. */
    private record FileStep(Path world, String name, boolean fails) implements Step {
        @Override
        public Probe probe(StepContext context) {
            if (!Files.exists(file())) {
                return new Probe.Pending("make " + file());
            }
            return read().equals(name)
                    ? new Probe.Satisfied(List.of(context.evidence("it is whole", file().toString())))
                    : new Probe.Pending("complete " + file());
        }

        @Override
        public List<Evidence> apply(StepContext context) {
            context.record("made_" + name, file().toString());
            write(name.substring(0, 2));
            context.waiting("the second half of " + name);
            write(name);
            if (fails) {
                throw UnderstudyException.of(ErrorCode.FILE_IO, "told to fail").build();
            }
            return List.of();
        }

        @Override
        public Verdict verify(StepContext context) {
            return read().equals(name)
                    ? new Verdict.Verified(List.of(context.evidence("it is whole", file().toString())))
                    : new Verdict.Refuted(UnderstudyException.of(ErrorCode.FILE_IO, "half a file")
                            .build());
        }

        @Override
        public List<Evidence> undo(StepContext context) {
            try {
                boolean made = context.facts().find("made_" + name).isPresent();
                return made && Files.deleteIfExists(file())
                        ? List.of(context.evidence("removed", file().toString()))
                        : List.of();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private Path file() {
            return world.resolve(name);
        }

        private String read() {
            try {
                return Files.readString(file());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void write(String text) {
            try {
                Files.writeString(file(), text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static Runs runs(Path directory) {
        return new Runs(directory.resolve("state"), Clock.systemUTC(), ProcessInfo.current("0"));
    }

    static Path world(Path directory) {
        return directory.resolve("world");
    }

    static Engine engine(Path directory, boolean fails, EngineListener listener) {
        List<Step> steps = NAMES.stream()
                .map(name -> (Step) new FileStep(world(directory), name, fails && name.equals("stop")))
                .toList();
        Bracket bracket = new Bracket(
                "backup",
                "start",
                "stop",
                Set.of(ErrorCode.CONNECTION_FAILED),
                Patience.of(10, Duration.ofMinutes(1)),
                "");
        RunDefinition definition = new RunDefinition(steps, List.of(bracket), Map.of());
        return new Engine(definition, listener, new Interruption(), Time.system(), Duration.ofSeconds(1));
    }

    /** Holds a run until its standard input ends. */
    private static void hold(Path directory) {
        RunHeader header = new RunHeader("crash", "", Map.of(), List.of(), "t", NAMES, Outcome.PROVEN);
        try (OpenRun run = runs(directory).create(header)) {
            System.out.println(run.name());
            System.in.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        String verb = arguments[1];
        if (verb.equals("hold")) {
            hold(directory);
            return;
        }
        int line = Integer.parseInt(arguments[arguments.length - 1]);
        AtomicInteger lines = new AtomicInteger(1);
        EngineListener deadly = event -> {
            if (lines.incrementAndGet() == line) {
                Runtime.getRuntime().halt(137);
            }
        };
        Engine engine = engine(directory, verb.equals("fail"), deadly);
        RunState state;
        if (verb.equals("run") || verb.equals("fail")) {
            try (OpenRun run = runs(directory)
                    .create(new RunHeader("crash", "", Map.of(), List.of(), "t", NAMES, Outcome.PROVEN))) {
                if (line == 1) {
                    Runtime.getRuntime().halt(137);
                }
                state = engine.run(run);
            }
        } else {
            try (OpenRun run = runs(directory).open(arguments[2])) {
                state = verb.equals("resume") ? engine.resume(run) : engine.abort(run);
            }
        }
        System.exit(state.outcome() == Outcome.PROVEN ? 0 : state.outcome() == Outcome.UNDONE ? 4 : 5);
    }
}
