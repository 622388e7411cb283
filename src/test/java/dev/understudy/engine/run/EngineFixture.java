package dev.understudy.engine.run;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.Step;
import dev.understudy.engine.journal.Journal;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.journal.OpenRun;
import dev.understudy.engine.journal.ProcessInfo;
import dev.understudy.engine.journal.RunHeader;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.journal.Runs;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A state directory, a world that steps change, and an engine with its own time. */
final class EngineFixture {
    final List<String> world = Collections.synchronizedList(new ArrayList<>());
    final FakeTime time = new FakeTime();
    final Interruption interruption = new Interruption();
    final List<JournalEvent> heard = Collections.synchronizedList(new ArrayList<>());
    final Runs runs;
    List<Bracket> brackets = List.of();
    Map<String, RetryPolicy> retries = Map.of();
    Duration grace = Duration.ofMillis(50);

    EngineFixture(Path directory) {
        runs = new Runs(directory, time.clock(), new ProcessInfo(1, "here", "0"));
    }

    FakeStep step(String name) {
        return new FakeStep(name, world);
    }

    RunState run(Step... steps) {
        try (OpenRun run = open(steps)) {
            return engine(steps).run(run);
        }
    }

    /** A run that ended in an earlier process after so many lines of its journal. */
    String leave(int lines, RunState from) {
        List<JournalEvent> events = journal(from.run());
        JournalEvent.RunStarted start = from.start();
        RunHeader header = new RunHeader(
                start.playbook(), "", start.parameters(), List.of(), start.target(), start.steps(), start.goal());
        try (OpenRun run = runs.create(header)) {
            events.subList(1, lines).forEach(run.journal()::append);
            return run.name();
        }
    }

    OpenRun open(Step... steps) {
        return runs.create(new RunHeader(
                "fake",
                "text",
                Map.of(),
                List.of(),
                "the world",
                Arrays.stream(steps).map(Step::name).toList(),
                Outcome.PROVEN));
    }

    RunState resume(String name, Step... steps) {
        try (OpenRun run = runs.open(name)) {
            return engine(steps).resume(run);
        }
    }

    RunState abort(String name, Step... steps) {
        try (OpenRun run = runs.open(name)) {
            return engine(steps).abort(run);
        }
    }

    Engine engine(Step... steps) {
        RunDefinition definition = new RunDefinition(List.of(steps), brackets, retries);
        return new Engine(definition, heard::add, interruption, time, grace);
    }

    List<JournalEvent> journal(String run) {
        return Journal.read(runs.directory(run).resolve(Journal.FILE_NAME));
    }

    <T extends JournalEvent> List<T> heard(Class<T> type) {
        synchronized (heard) {
            return heard.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    static UnderstudyException error(ErrorCode code, String message) {
        return UnderstudyException.of(code, "%s", message).build();
    }
}
