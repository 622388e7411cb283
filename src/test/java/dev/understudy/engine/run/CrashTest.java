package dev.understudy.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.OpenRun;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.journal.RunSummary;
import dev.understudy.engine.journal.Runs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine killed after every line of its journal, in a process of its own. */
final class CrashTest {
    private static final int KILLED = 137;

    /** A whole run writes so many lines at most; the last round must not be killed any more. */
    private static final int MORE_THAN_ENOUGH = 80;

    @TempDir
    private Path directory;

    @Test
    void killedAfterAnyLineAResumeEndsProvenAndAnAbortLeavesNothing() throws Exception {
        int killed = 0;
        for (int line = 1; line < MORE_THAN_ENOUGH; line++) {
            Path round = prepare("run-" + line);
            int exit = child(round, "run", Integer.toString(line));
            if (exit == 0) {
                break;
            }
            assertThat(exit).isEqualTo(KILLED);
            killed++;
            assertInterrupted(round, line);
            boolean finished = isFinished(round);
            if (!finished && line % 2 == 0) {
                assertThat(abort(round).outcome())
                        .as("abort after line %d", line)
                        .isEqualTo(Outcome.UNDONE);
                assertThat(world(round)).as("after line %d", line).isEmpty();
            } else if (!finished) {
                assertThat(resume(round).outcome())
                        .as("resume after line %d", line)
                        .isEqualTo(Outcome.PROVEN);
                assertThat(world(round)).containsExactly("copy", "reserve", "start", "stop");
            }
        }
        assertThat(killed).isBetween(25, MORE_THAN_ENOUGH - 2);
    }

    @Test
    void killedWhileItUndoesAnAbortLeavesNothing() throws Exception {
        int killed = 0;
        for (int line = 28; line < MORE_THAN_ENOUGH; line++) {
            Path round = prepare("fail-" + line);
            int exit = child(round, "fail", Integer.toString(line));
            if (exit != KILLED) {
                assertThat(exit).isEqualTo(4);
                break;
            }
            killed++;
            if (isFinished(round)) {
                continue;
            }
            boolean forward = line % 2 == 0;
            RunState state = forward ? resume(round) : abort(round);
            assertThat(state.outcome()).as("after line %d", line).isEqualTo(forward ? Outcome.PROVEN : Outcome.UNDONE);
            assertThat(world(round)).hasSize(forward ? 4 : 0);
        }
        assertThat(killed).isBetween(5, MORE_THAN_ENOUGH - 30);
    }

    @Test
    void killedAgainWhileItResumesItStillEnds() throws Exception {
        Path round = prepare("again");
        assertThat(child(round, "run", "12")).isEqualTo(KILLED);
        String run = name(round);
        for (int line = 2; line < 12; line += 3) {
            assertThat(child(round, "resume", run, Integer.toString(line))).isEqualTo(KILLED);
        }
        assertThat(child(round, "abort", run, "3")).isEqualTo(KILLED);

        assertThat(abort(round).outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(world(round)).isEmpty();
    }

    private void assertInterrupted(Path round, int line) {
        assertThat(CrashingProcess.runs(round).list())
                .as("after line %d", line)
                .singleElement()
                .extracting(RunSummary::outcome)
                .isIn(Outcome.INTERRUPTED, Outcome.PROVEN);
    }

    private static boolean isFinished(Path round) {
        return CrashingProcess.runs(round).state(name(round)).isFinished();
    }

    private static String name(Path round) {
        return CrashingProcess.runs(round).list().get(0).run();
    }

    private static RunState resume(Path round) {
        Runs runs = CrashingProcess.runs(round);
        try (OpenRun run = runs.open(name(round))) {
            return CrashingProcess.engine(round, false, EngineListener.NONE).resume(run);
        }
    }

    private static RunState abort(Path round) {
        Runs runs = CrashingProcess.runs(round);
        try (OpenRun run = runs.open(name(round))) {
            return CrashingProcess.engine(round, false, EngineListener.NONE).abort(run);
        }
    }

    private static List<String> world(Path round) {
        try (Stream<Path> files = Files.list(CrashingProcess.world(round))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path prepare(String name) throws IOException {
        Path round = directory.resolve(name);
        Files.createDirectories(CrashingProcess.world(round));
        return round;
    }

    private static int child(Path round, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingProcess.class.getName(),
                round.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
