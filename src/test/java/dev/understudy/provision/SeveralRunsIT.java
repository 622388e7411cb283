package dev.understudy.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.run.Interruption;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.LeftBehind;
import dev.understudy.testing.StagedRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several runs from one primary at the same time. */
@DisplayName("Two and more at once")
final class SeveralRunsIT {
    private static final ServerMajor MAJOR = ServerMajor.V16;

    private static EmbeddedPostgres primary;

    @TempDir
    private Path directory;

    @BeforeAll
    static void startPrimary() {
        primary = EmbeddedPostgres.of(MAJOR)
                .withSetting("max_wal_senders", "20")
                .withSetting("max_replication_slots", "20")
                .start();
    }

    @AfterAll
    static void stopPrimary() {
        primary.close();
    }

    private static Path target(String name) {
        return primary.scratch("work").resolve(name);
    }

    /** One of them: state and work directory in common, a slot and a target of its own. */
    private StagedRun run(String name, Map<String, String> changed) {
        Map<String, String> parameters = new LinkedHashMap<>(Map.of(
                "primary", primary.conninfo(),
                "data_directory", target(name).toString(),
                "bin_directory", primary.binDirectory().toString(),
                "socket_directory", primary.socketDirectory().toString(),
                "slot", name,
                "workers", "2"));
        parameters.putAll(changed);
        try {
            return StagedRun.of(Files.createDirectories(directory.resolve(name)), "standby", parameters)
                    .withState(directory.resolve("state"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("Two runs from one primary to two targets of one machine: both are proven, on ports of their own")
    void twoTargets() {
        try (BuiltStandby one = BuiltStandby.at(MAJOR, target("one"), 0);
                BuiltStandby two = BuiltStandby.at(MAJOR, target("two"), 0)) {
            StagedRun first =
                    run("one", Map.of()).stageBefore("render-recovery").start();
            StagedRun second =
                    run("two", Map.of()).stageBefore("render-recovery").start();
            first.awaitStage();
            second.awaitStage();
            first.goOn();
            second.goOn();
            RunState end = first.end();
            RunState other = second.end();
            assertThat(end.outcome()).as(StagedRun.describe(end)).isEqualTo(Outcome.PROVEN);
            assertThat(other.outcome()).as(StagedRun.describe(other)).isEqualTo(Outcome.PROVEN);
            assertThat(end.facts().get("port")).isNotEqualTo(other.facts().get("port"));
            assertThat(List.of(one.isRunning(), two.isRunning())).containsOnly(true);
        }
        primary.query("select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active");
    }

    @Test
    @DisplayName("Two runs with the same slot name: the second is refused and touches nothing")
    void sameSlot() {
        StagedRun first = run("same", Map.of()).stageBefore("stop-backup").start();
        first.awaitStage();

        RunState refused = run("late", Map.of("slot", "same")).start().end();

        assertThat(StagedRun.exitCode(refused)).as(StagedRun.describe(refused)).isEqualTo(3);
        assertThat(StagedRun.describe(refused)).contains("\"same\"");
        assertThat(target("late")).doesNotExist();
        assertThat(primary.query(
                        "select string_agg(slot_name, ',') from pg_replication_slots where slot_name = 'same'"))
                .isEqualTo("same");
        first.interruption().request(Interruption.Mode.UNDO);
        assertThat(first.end().outcome()).isEqualTo(Outcome.UNDONE);
    }

    @Test
    @DisplayName("Ten at once from one primary: none of them loses its backup's session to the others")
    void ten() {
        List<StagedRun> runs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            runs.add(run("ten_" + i, Map.of("via", "sql"))
                    .edited("  - start-standby: {start: \"${start}\"}\n", "")
                    .edited("  - prove-consistency: {depth: \"${depth}\", timeout: \"${timeout}\"}\n", "")
                    .stageBefore("stop-backup")
                    .start());
        }
        runs.forEach(StagedRun::awaitStage);
        assertThat(primary.query("select count(*) from pg_replication_slots where slot_name like 'ten%'"))
                .isEqualTo("10");
        runs.forEach(StagedRun::goOn);

        for (StagedRun run : runs) {
            RunState end = run.end();
            assertThat(end.outcome()).as(StagedRun.describe(end)).isEqualTo(Outcome.DONE);
            assertThat(run.heard(JournalEvent.BracketRestarted.class)).isEmpty();
            assertThat(run.heard(JournalEvent.GuardFailed.class)).isEmpty();
        }
        primary.query(
                "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name like 'ten%'");
        LeftBehind.nothingOn(primary);
    }
}
