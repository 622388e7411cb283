package dev.understudy.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.engine.Outcome;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunsTest {
    private static final Instant AT = Instant.parse("2026-11-20T07:51:00Z");

    @TempDir
    private Path directory;

    private Runs runs;

    @BeforeEach
    void prepare() {
        runs = runsAt(AT);
    }

    @Test
    void aRunIsNamedByTimeAndPlaybookAndItsFilesAreThePersonsOwn() throws IOException {
        try (OpenRun run = runs.create(header("/d"))) {
            assertThat(run.name()).matches("20261120T075100Z-standby-[0-9a-f]{4}");
            assertThat(runs.playbookText(run.name())).isEqualTo("text");
        }
        try (Stream<Path> files = Files.walk(directory.resolve("state"))) {
            assertThat(files.toList())
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------"));
        }
    }

    @Test
    void aLiveRunIsRunningAndADeadOneInterrupted() {
        String name;
        try (OpenRun run = runs.create(header("/d"))) {
            name = run.name();
            assertThat(runs.state(name).outcome()).isEqualTo(Outcome.RUNNING);
            assertThat(runs.list()).extracting(RunSummary::outcome).containsExactly(Outcome.RUNNING);
        }
        assertThat(runs.state(name).outcome()).isEqualTo(Outcome.INTERRUPTED);
    }

    @Test
    void aListingHasTheNewestFirst() {
        runs.create(header("/a")).close();
        try (OpenRun run = runsAt(AT.plusSeconds(60)).create(header("/b"))) {
            run.journal().append(new JournalEvent.RunFinished(AT, Outcome.PROVEN, null, List.of()));
        }

        assertThat(runs.list())
                .extracting(RunSummary::target, RunSummary::outcome, RunSummary::startedAt)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("/b", Outcome.PROVEN, AT.plusSeconds(60)),
                        org.assertj.core.groups.Tuple.tuple("/a", Outcome.INTERRUPTED, AT));
    }

    @Test
    void aSecondRunForTheSameTargetIsRefusedAndLeavesNothing() throws IOException {
        long pid = ProcessHandle.current().pid();
        try (OpenRun run = runs.create(header("/d"))) {
            assertThatThrownBy(() -> runs.create(header("/d")))
                    .isInstanceOfSatisfying(UnderstudyException.class, error -> {
                        assertThat(error.code()).isEqualTo(ErrorCode.RUN_ALIVE);
                        assertThat(error).hasMessage("process " + pid + " is working on target \"/d\"");
                        assertThat(error.detail()).isEqualTo("Its run is " + run.name() + ".");
                    });
            assertThat(runs.list()).hasSize(1);
            runs.create(header("/other")).close();
        }
        runs.create(header("/d")).close();
    }

    @Test
    void aLiveRunCannotBeOpened() {
        try (OpenRun run = runs.create(header("/d"))) {
            assertThatThrownBy(() -> runs.open(run.name()))
                    .hasMessage(
                            "process " + ProcessHandle.current().pid() + " is working on run \"" + run.name() + "\"");
        }
    }

    @Test
    void lookingAtALiveRunDoesNotFreeItsLock() {
        try (OpenRun run = runs.create(header("/d"))) {
            runs.list();
            runs.state(run.name());
            assertThat(runs.state(run.name()).outcome()).isEqualTo(Outcome.RUNNING);
            assertThatThrownBy(() -> runs.create(header("/d"))).hasMessageContaining("is working on target");
        }
    }

    @Test
    void anUnknownRunIsRefused() {
        assertThatThrownBy(() -> runs.open("../../etc")).hasMessageStartingWith("there is no run \"../../etc\" in ");
        assertThatThrownBy(() -> runs.state("20261120T075100Z-standby-0000"))
                .isInstanceOfSatisfying(
                        UnderstudyException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.RUN_UNKNOWN));
    }

    @Test
    void aDamagedRunIsListedWithItsProblem() throws IOException {
        String name;
        try (OpenRun run = runs.create(header("/d"))) {
            name = run.name();
        }
        Files.writeString(runs.directory(name).resolve(Journal.FILE_NAME), "nonsense\n");

        assertThat(runs.list()).singleElement().satisfies(summary -> {
            assertThat(summary.startedAt()).isEqualTo(AT);
            assertThat(summary.problem()).contains("is damaged in line 1");
        });
    }

    @Test
    void aStateDirectoryThatIsAFileIsRefused() throws IOException {
        Files.writeString(directory.resolve("state"), "");

        assertThatThrownBy(() -> runs.create(header("/d"))).isInstanceOfSatisfying(UnderstudyException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.STATE_DIRECTORY_UNUSABLE);
            assertThat(error.hints())
                    .containsExactly("Set UNDERSTUDY_STATE to a directory that this account can write to.");
        });
    }

    @Test
    void theStateDirectoryIsWhereItsVariablesSay() {
        Path home = Path.of("/home/account");

        assertThat(StateDirectory.locate(Map.of("UNDERSTUDY_STATE", "/s", "XDG_STATE_HOME", "/x"), home))
                .isEqualTo(Path.of("/s"));
        assertThat(StateDirectory.locate(Map.of("XDG_STATE_HOME", "/x", "HOME", "/h"), home))
                .isEqualTo(Path.of("/x/understudy"));
        assertThat(StateDirectory.locate(Map.of("XDG_STATE_HOME", "relative", "HOME", "/h"), home))
                .isEqualTo(Path.of("/h/.local/state/understudy"));
        assertThat(StateDirectory.locate(Map.of(), home)).isEqualTo(Path.of("/home/account/.local/state/understudy"));
    }

    private Runs runsAt(Instant now) {
        return new Runs(directory.resolve("state"), Clock.fixed(now, ZoneOffset.UTC), ProcessInfo.current("0"));
    }

    private static RunHeader header(String target) {
        return new RunHeader("standby", "text", Map.of(), List.of(), target, List.of("one"), Outcome.PROVEN);
    }
}
