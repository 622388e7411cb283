package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.run.Interruption;
import dev.understudy.plan.Playbooks;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.LeftBehind;
import dev.understudy.testing.StagedRun;
import dev.understudy.testing.Understudy;
import dev.understudy.testing.Understudy.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is told to stop: by signals to a process of its own, and at every step. */
@DisplayName("SIGTERM and Ctrl-C")
final class SignalsIT {
    private static final ServerMajor MAJOR = ServerMajor.V16;

    private static final AtomicInteger TARGETS = new AtomicInteger();

    private static EmbeddedPostgres primary;

    @TempDir
    private Path home;

    private Understudy understudy;
    private Path target;

    @BeforeAll
    static void startPrimary() {
        primary = EmbeddedPostgres.of(MAJOR).withChecksums().start();
    }

    @AfterAll
    static void stopPrimary() {
        primary.close();
    }

    @BeforeEach
    void chooseTarget() {
        understudy = new Understudy(home);
        target = primary.scratch("work").resolve("t" + TARGETS.incrementAndGet());
    }

    @AfterEach
    void clear() {
        BuiltStandby.at(MAJOR, target, 0).close();
        Awaitility.await("the slots to be free")
                .until(() -> "0".equals(primary.query("select count(*) from pg_replication_slots where active")));
        primary.query("select pg_drop_replication_slot(slot_name) from pg_replication_slots");
    }

    private Map<String, String> parameters() {
        return new LinkedHashMap<>(Map.of(
                "primary", primary.conninfo(),
                "primary_host", "local",
                "via", "local",
                "data_directory", target.toString(),
                "bin_directory", primary.binDirectory().toString(),
                "socket_directory", primary.socketDirectory().toString()));
    }

    /** A process whose run waits in a hook after the copy until there is a file; so does what takes the hook back. */
    private Understudy.Running waiting(String... options) throws IOException {
        String hook =
                "  - run: {command: \"[ -e %1$s ] || { touch %2$s; sleep 60; }\", undo: \"[ -e %1$s ] || { touch %3$s; sleep 60; }\"}\n"
                        .formatted(file("released"), file("reached"), file("undoing"));
        Path playbook = Files.writeString(
                file("waiting.yaml"),
                Playbooks.load("standby").text().replace("  - stop-backup", hook + "  - stop-backup"));
        List<String> line = new ArrayList<>(Understudy.command("run", playbook.toString(), parameters()));
        line.addAll(List.of(options));
        Understudy.Running run = understudy.start(line);
        await(run, "reached");
        return run;
    }

    private Path file(String name) {
        return home.resolve(name);
    }

    private void await(Understudy.Running run, String name) {
        Awaitility.await(name).atMost(Duration.ofSeconds(60)).until(() -> !run.isAlive() || Files.exists(file(name)));
        assertThat(run.isAlive()).as(run.said()).isTrue();
    }

    private void nothingIsLeft() {
        assertThat(target).doesNotExist();
        LeftBehind.nothingOn(primary);
    }

    @ParameterizedTest(name = "SIG{0} undoes what the run made: exit code 4, nothing is left")
    @ValueSource(strings = {"INT", "TERM"})
    void stopsInOrder(String signal) throws IOException {
        Understudy.Running run = waiting();
        Files.createFile(file("released"));
        run.signal(signal);

        Ended ended = run.end();
        assertThat(ended.status()).as(ended.said()).isEqualTo(4);
        assertThat(ended.said()).contains("Stopping: what the run made is taken back.", "Interrupted, and undone.");
        assertThat(understudy.run("runs").out()).contains(" undone ");
        nothingIsLeft();
    }

    @Test
    @DisplayName("With --keep-on-interrupt it is left resumable: exit code 5 names the command, resume proves it")
    void keeps() throws IOException {
        Understudy.Running run = waiting("--keep-on-interrupt");
        run.signal("TERM");

        Ended ended = run.end();
        assertThat(ended.status()).as(ended.said()).isEqualTo(5);
        assertThat(ended.said()).contains("understudy resume ", "understudy abort ");
        assertThat(understudy.run("runs").out()).contains(" interrupted ");
        Files.createFile(file("released"));
        Ended resumed = understudy.run("resume", "standby");
        assertThat(resumed.status()).as(resumed.said()).isZero();
        assertThat(resumed.out()).contains("Proven.");
    }

    @Test
    @DisplayName("A second Ctrl-C stops at once in the middle of undoing: exit code 5, resume proves it")
    void secondStopsAtOnce() throws IOException {
        Understudy.Running run = waiting();
        run.signal("INT");
        await(run, "undoing");
        run.signal("INT");

        Ended ended = run.end();
        assertThat(ended.status()).as(ended.said()).isEqualTo(5);
        assertThat(ended.said()).contains("Stopping at once; the run can be resumed.", "understudy resume ");
        assertThat(target.resolve("base")).exists();
        Files.createFile(file("released"));
        Ended resumed = understudy.run("resume", "standby");
        assertThat(resumed.status()).as(resumed.said()).isZero();
        assertThat(resumed.out()).contains("Proven.");
    }

    @ParameterizedTest(name = "Asked to stop while {0} is under way: exit code 4, nothing is left")
    @ValueSource(
            strings = {
                "reserve-wal",
                "start-backup",
                "copy-data-directory",
                "stop-backup",
                "render-recovery",
                "start-standby",
                "prove-consistency"
            })
    void atEveryStep(String step) {
        StagedRun run = StagedRun.of(home, "standby", parameters());
        run.onEvent(event -> {
                    if (event instanceof JournalEvent.StepApplying applying
                            && applying.step().equals(step)) {
                        run.interruption().request(Interruption.Mode.UNDO);
                    }
                })
                .start();

        RunState end = run.end();
        assertThat(end.outcome()).as(StagedRun.describe(end)).isEqualTo(Outcome.UNDONE);
        assertThat(end.error().orElseThrow().code()).isEqualTo("RUN_INTERRUPTED");
        nothingIsLeft();
    }

    @Test
    @DisplayName("Asked to stop while it waits for a primary that is away: at once, exit code 5 names the slot")
    void whileThePrimaryIsAway() {
        StagedRun run = StagedRun.of(home, "standby", parameters())
                .stageBefore("stop-backup")
                .start();
        run.awaitStage();
        primary.stop();
        try {
            run.await(JournalEvent.BracketRestarted.class, Duration.ofSeconds(10));
            run.interruption().request(Interruption.Mode.UNDO);
            RunState end = run.end();
            assertThat(StagedRun.exitCode(end)).as(StagedRun.describe(end)).isEqualTo(5);
            assertThat(end.left().toString()).contains("could not drop replication slot \"understudy\"");
        } finally {
            primary.start();
        }
        assertThat(run.abort().outcome()).isEqualTo(Outcome.UNDONE);
        nothingIsLeft();
    }
}
