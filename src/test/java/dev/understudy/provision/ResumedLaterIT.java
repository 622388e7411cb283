package dev.understudy.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.Failure;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.run.EngineListener;
import dev.understudy.engine.run.Interruption;
import dev.understudy.host.open.Hosts;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.EngineRuns;
import dev.understudy.testing.LeftBehind;
import dev.understudy.testing.TreeDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that was interrupted, and what has become of primary and target when somebody resumes or aborts it. */
final class ResumedLaterIT {
    private static final ServerMajor MAJOR = ServerMajor.V15;

    private static EmbeddedPostgres primary;
    private static Path work;
    private static Path target;

    @TempDir
    private Path state;

    @BeforeAll
    static void startPrimary() {
        primary = EmbeddedPostgres.of(MAJOR).withChecksums().start();
        primary.execute("CREATE TABLE t AS SELECT g FROM generate_series(1, 20000) g");
        work = primary.scratch("work");
        target = work.resolve("standby");
    }

    @AfterAll
    static void stopPrimary() {
        primary.close();
    }

    @AfterEach
    void clear() {
        BuiltStandby.at(MAJOR, target, 0).close();
        Account.run(List.of("find", work.toString(), "-mindepth", "1", "-delete"), Map.of());
        primary.query("SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots");
    }

    private EngineRuns runs() {
        return new EngineRuns(state, Hosts::open);
    }

    private static Map<String, String> parameters() {
        return new LinkedHashMap<>(Map.of(
                "primary", primary.conninfo(),
                "primary_host", "local",
                "via", "local",
                "data_directory", target.toString(),
                "bin_directory", primary.binDirectory().toString(),
                "socket_directory", primary.socketDirectory().toString()));
    }

    /** The run is left as it is once a step is verified. */
    private String interruptedAfter(String step) {
        Interruption interruption = new Interruption();
        RunState run = runs().run(
                        "standby",
                        parameters(),
                        event -> {
                            if (event instanceof JournalEvent.StepVerified verified
                                    && verified.step().equals(step)) {
                                interruption.request(Interruption.Mode.KEEP);
                            }
                        },
                        interruption);
        assertThat(run.outcome()).as("%s", run.error()).isEqualTo(Outcome.INTERRUPTED);
        return run.run();
    }

    private Failure refusedResume(String run, Map<String, String> changed) {
        RunState end = runs().resume(run, changed, EngineListener.NONE);
        assertThat(end.outcome()).as("%s", end.error()).isEqualTo(Outcome.INTERRUPTED);
        return end.error().orElseThrow();
    }

    private void abortLeavesNothing(String run) {
        RunState end = runs().abort(run);
        assertThat(end.outcome()).as("%s", end.left()).isEqualTo(Outcome.UNDONE);
        assertThat(TreeDigest.of(work).keySet()).containsExactly("");
        LeftBehind.nothingOn(primary);
    }

    @Test
    void aSlotThatIsGoneIsToldFromOneThatSomebodyElseMade() {
        String run = interruptedAfter("stop-backup");
        primary.execute("SELECT pg_drop_replication_slot('understudy')");
        assertThat(refusedResume(run, Map.of()).message()).isEqualTo("replication slot \"understudy\" is gone");

        primary.execute("CHECKPOINT", "SELECT pg_create_physical_replication_slot('understudy', true)");
        assertThat(refusedResume(run, Map.of()).message())
                .isEqualTo("replication slot \"understudy\" is not the one that this run made");

        RunState aborted = runs().abort(run);
        assertThat(aborted.outcome()).as("%s", aborted.left()).isEqualTo(Outcome.UNDONE);
        assertThat(aborted.warnings())
                .contains("replication slot \"understudy\" was left: it is not the one that the run made");
        assertThat(primary.query("SELECT slot_name FROM pg_replication_slots")).isEqualTo("understudy");
        assertThat(target).doesNotExist();
    }

    /** Between the line that says that the slot is about to be made and its making. */
    @Test
    void aSlotThatSomebodyMadeInTheMomentTheRunWasKilledIsNotTheRuns() throws Exception {
        Process child = new ProcessBuilder(KilledProcess.command(state, "standby", lineOfSlot(), parameters()))
                .redirectErrorStream(true)
                .redirectOutput(state.resolve("out").toFile())
                .start();
        assertThat(child.waitFor()).isEqualTo(137);
        String run = runs().runs().list().get(0).run();
        assertThat(runs().runs().state(run).facts().find("slot")).contains("understudy");
        assertThat(primary.query("SELECT count(*) FROM pg_replication_slots")).isEqualTo("0");
        primary.execute("SELECT pg_create_physical_replication_slot('understudy', true)");

        assertThat(refusedResume(run, Map.of()).message())
                .isEqualTo("replication slot \"understudy\" is not the one that this run made");
        assertThat(runs().abort(run).outcome()).isEqualTo(Outcome.UNDONE);
        assertThat(primary.query("SELECT slot_name FROM pg_replication_slots")).isEqualTo("understudy");
    }

    /** The journal line after which the slot is made. */
    private int lineOfSlot() {
        int[] lines = {1, 0};
        Map<String, String> parameters = parameters();
        parameters.put("slot", "counted");
        Interruption interruption = new Interruption();
        EngineRuns counted = new EngineRuns(state.resolve("counted"), Hosts::open);
        counted.run(
                "standby",
                parameters,
                event -> {
                    lines[0]++;
                    if (event instanceof JournalEvent.FactRecorded fact
                            && fact.name().equals("slot")) {
                        lines[1] = lines[0];
                        interruption.request(Interruption.Mode.UNDO);
                    }
                },
                interruption);
        assertThat(lines[1]).isPositive();
        return lines[1];
    }

    @ParameterizedTest
    @CsvSource({
        "changed, base/1/1259, file \"base/1/1259\" of the target is not as the copy left it",
        "removed, base/1/1259, file \"base/1/1259\" of the target is not as the copy left it",
        "added, base/1/1259.1, file \"base/1/1259.1\" of the target is not as the copy left it",
    })
    void aTargetThatSomebodyTouchedIsNotGoneOnWith(String what, String path, String message) throws IOException {
        String run = interruptedAfter("stop-backup");
        Path file = target.resolve(path);
        switch (what) {
            case "changed" -> Files.write(file, new byte[8192], StandardOpenOption.APPEND);
            case "removed" -> Files.delete(file);
            default -> {
                Files.write(file, new byte[8192]);
                Account.give(file);
            }
        }

        assertThat(refusedResume(run, Map.of()).message()).isEqualTo(message);
        RunState aborted = runs().abort(run);
        assertThat(aborted.outcome()).isEqualTo(Outcome.UNDONE);
        if (what.equals("added")) {
            assertThat(file).as("what somebody else made").exists();
        } else {
            assertThat(target).doesNotExist();
        }
    }

    @Test
    void aLabelThatSomebodyReplacedIsNotStartedFrom() throws IOException {
        String run = interruptedAfter("render-recovery");
        Path label = target.resolve("backup_label");
        Files.writeString(label, Files.readString(label).replaceFirst("LABEL: .*", "LABEL: somebody else's"));

        assertThat(refusedResume(run, Map.of()).message())
                .isEqualTo("file \"backup_label\" of the target is not as the copy left it");
        abortLeavesNothing(run);
    }

    @Test
    void aStandbyThatSomebodyStartedByHandIsNotTakenForTheRuns() {
        String run = interruptedAfter("render-recovery");
        BuiltStandby standby = BuiltStandby.at(
                MAJOR, target, Integer.parseInt(runs().runs().state(run).facts().get("port")));
        standby.start();

        assertThat(refusedResume(run, Map.of()).detail()).contains("a server is running on \"" + target + "\"");
        RunState aborted = runs().abort(run);
        assertThat(aborted.outcome()).isEqualTo(Outcome.LEFT);
        assertThat(aborted.left())
                .anySatisfy(
                        left -> assertThat(left.message()).contains("a server is still running in \"" + target + "\""));
        standby.stop();
        Account.run(List.of("rm", "-f", "--", target + ".log"), Map.of());
        RunState cleared = runs().abort(run);
        assertThat(cleared.outcome()).as("%s", cleared.left()).isEqualTo(Outcome.UNDONE);
        assertThat(TreeDigest.of(work).keySet()).containsExactly("");
        // That standby has moved the slot, so nothing tells any more whose it is: it stays, and is named.
        assertThat(cleared.warnings())
                .contains("replication slot \"understudy\" was left: it is not the one that the run made");
        primary.execute("SELECT pg_drop_replication_slot('understudy')");
        LeftBehind.nothingOn(primary);
    }

    @Test
    void anotherClusterInThePrimarysPlaceIsToldAndItsSlotLeft() {
        String run = interruptedAfter("stop-backup");
        try (EmbeddedPostgres other = EmbeddedPostgres.of(MAJOR).start()) {
            other.execute("SELECT pg_create_physical_replication_slot('understudy', true)");
            Map<String, String> there = Map.of("primary", other.conninfo());

            assertThat(refusedResume(run, there).message())
                    .isEqualTo("another database cluster answers in the primary's place");
            assertThat(other.query("SELECT slot_name FROM pg_replication_slots"))
                    .isEqualTo("understudy");
        }
        abortLeavesNothing(run);
    }

    @Test
    void aPrimaryThatWasRestoredIsToldByItsTimeline() throws IOException {
        String run = interruptedAfter("stop-backup");
        primary.stop();
        Files.createFile(primary.dataDirectory().resolve("recovery.signal"));
        Account.give(primary.dataDirectory().resolve("recovery.signal"));
        primary.configure("restore_command = 'false'").start();
        org.awaitility.Awaitility.await("the end of recovery")
                .until(() -> "f".equals(primary.query("SELECT pg_is_in_recovery()")));

        assertThat(refusedResume(run, Map.of()).message())
                .isEqualTo("the primary is on timeline 2, the run began on timeline 1");
        abortLeavesNothing(run);
    }

    @Test
    void anInvalidatedSlotIsToldFromOneThatIsGone() {
        String run = interruptedAfter("stop-backup");
        primary.configure("max_slot_wal_keep_size = '1MB'").reload();
        for (int i = 0; i < 4; i++) {
            primary.execute("SELECT pg_logical_emit_message(false, '', 'x')", "SELECT pg_switch_wal()", "CHECKPOINT");
        }
        assertThat(primary.query("SELECT wal_status FROM pg_replication_slots")).isEqualTo("lost");
        primary.configure("max_slot_wal_keep_size = '-1'").reload();

        Failure refused = refusedResume(run, Map.of());
        assertThat(refused.message())
                .isEqualTo("replication slot \"understudy\" does not keep the WAL that the standby needs");
        assertThat(refused.detail()).contains("wal_status lost");
        abortLeavesNothing(run);
    }

    @Test
    void aStartThatFailedIsTriedAgainWithAnotherCommandAndNothingIsCopiedTwice() {
        Map<String, String> parameters = parameters();
        parameters.put("start", "false");
        EngineRuns kept = runs().keepingOnFailure();
        RunState failed = kept.run("standby", parameters, EngineListener.NONE);
        assertThat(failed.outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(failed.error().orElseThrow().message()).startsWith("the standby did not start");

        String port = Integer.toString(EmbeddedPostgres.freePort());
        RunState proven = kept.resume(failed.run(), Map.of("start", "pg_ctl", "port", port), EngineListener.NONE);

        assertThat(proven.outcome()).as("%s", proven.error()).isEqualTo(Outcome.PROVEN);
        assertThat(proven.facts().get("port")).isEqualTo(port);
        assertThat(proven.facts().get("backups_begun")).isEqualTo("1");
    }

    @Test
    void inADirectoryThatWasThereEmptyOnlyWhatTheRunMadeIsRemoved() throws IOException {
        Files.createDirectory(target);
        Account.give(target);
        String run = interruptedAfter("stop-backup");
        Path notes = target.resolve("notes.txt");
        Files.writeString(notes, "of somebody");
        Files.createDirectory(target.resolve("base/1/deep"));
        Files.writeString(target.resolve("base/1/deep/more.txt"), "of somebody");

        RunState aborted = runs().abort(run);

        assertThat(aborted.outcome()).as("%s", aborted.left()).isEqualTo(Outcome.UNDONE);
        assertThat(TreeDigest.of(target).keySet())
                .containsExactly("", "base", "base/1", "base/1/deep", "base/1/deep/more.txt", "notes.txt");
        assertThat(aborted.warnings())
                .anySatisfy(warning ->
                        assertThat(warning).contains("what the run did not make: \"base/1/deep\", \"notes.txt\""));
    }
}
