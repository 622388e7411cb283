package dev.understudy.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.journal.Runs;
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

/** A run that was left, and is taken up with another plan or by another program than it began with. */
final class ResumedWithChangesIT {
    private static final ServerMajor MAJOR = ServerMajor.V15;

    private static EmbeddedPostgres primary;
    private static Path work;
    private static Path target;

    @TempDir
    private Path state;

    @BeforeAll
    static void startPrimary() {
        primary = EmbeddedPostgres.of(MAJOR).start();
        work = primary.scratch("work");
        target = work.resolve("standby");
    }

    @AfterAll
    static void stopPrimary() {
        if (primary != null) {
            primary.close();
        }
    }

    @AfterEach
    void clear() {
        BuiltStandby.at(MAJOR, target, 0).close();
        Account.run(List.of("find", work.toString(), "-mindepth", "1", "-delete"), Map.of());
        primary.query("SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots");
    }

    private EngineRuns runs(String version) {
        return new EngineRuns(state, Hosts::open, version);
    }

    /** The run is left as it is once a step is verified. */
    private String interruptedAfter(String step) {
        Map<String, String> parameters = new LinkedHashMap<>(Map.of(
                "primary", primary.conninfo(),
                "primary_host", "local",
                "via", "local",
                "data_directory", target.toString(),
                "bin_directory", primary.binDirectory().toString(),
                "socket_directory", primary.socketDirectory().toString()));
        Interruption interruption = new Interruption();
        EngineListener stopping = event -> {
            if (event instanceof JournalEvent.StepVerified verified
                    && verified.step().equals(step)) {
                interruption.request(Interruption.Mode.KEEP);
            }
        };
        RunState run = runs("0.1").run("standby", parameters, stopping, interruption);
        assertThat(run.outcome()).as("%s", run.error()).isEqualTo(Outcome.INTERRUPTED);
        return run.run();
    }

    private void edit(String run, String from, String to) throws IOException {
        Path playbook = runs("0.1").runs().directory(run).resolve(Runs.PLAYBOOK_FILE);
        String text = Files.readString(playbook);
        assertThat(text).contains(from);
        Files.writeString(playbook, text.replace(from, to));
    }

    private void abortLeavesNothing(String run) {
        RunState end = runs("0.1").abort(run);
        assertThat(end.outcome()).as("%s", end.left()).isEqualTo(Outcome.UNDONE);
        assertThat(TreeDigest.of(work).keySet()).containsExactly("");
        LeftBehind.nothingOn(primary);
    }

    @Test
    void aPlaybookThatWasEditedInTheRunsDirectoryIsSaidToBeSoAndDone() throws IOException {
        String run = interruptedAfter("stop-backup");
        edit(run, "  - render-recovery:\n", "  - render-recovery: # read by a person\n");
        edit(run, "settings: ${settings}", "settings: work_mem=7MB");

        RunState end = runs("0.1").resume(run, Map.of(), EngineListener.NONE);

        assertThat(end.outcome()).as("%s", end.error()).isEqualTo(Outcome.PROVEN);
        assertThat(end.warnings())
                .contains("the run's copy of its playbook was changed since it began: what it says now is done");
        assertThat(end.facts().get("backups_begun")).isEqualTo("1");
        assertThat(BuiltStandby.of(end, MAJOR, target).query("SHOW work_mem")).isEqualTo("7MB");
    }

    @Test
    void aPlaybookWithOtherStepsIsRefusedAndTheRunStaysAsItWas() throws IOException {
        String run = interruptedAfter("stop-backup");
        edit(run, "  - render-recovery:\n", "  - run: {command: \"true\"}\n  - render-recovery:\n");

        assertThatThrownBy(() -> runs("0.1").resume(run, Map.of(), EngineListener.NONE))
                .hasMessage("the steps of run \"%s\" have changed", run);
        assertThat(runs("0.1").runs().state(run).outcome()).isEqualTo(Outcome.INTERRUPTED);

        edit(run, "  - run: {command: \"true\"}\n  - render-recovery:\n", "  - render-recovery:\n");
        RunState end = runs("0.1").resume(run, Map.of(), EngineListener.NONE);
        assertThat(end.outcome()).as("%s", end.error()).isEqualTo(Outcome.PROVEN);
        assertThat(end.warnings().toString()).doesNotContain("playbook");
    }

    /** What the run has made is known by its journal, whatever the playbook says now. */
    @ParameterizedTest
    @CsvSource({
        "reserve-wal, slot, other, 'slot \"other\"'",
        "stop-backup, slot, other, 'slot \"other\"'",
        "reserve-wal, wal, stream, another way",
    })
    void anotherSlotOrAnotherWayOfKeepingWalIsRefusedAndTheRunsOwnIsCleared(
            String step, String parameter, String value, String asked) throws IOException {
        String run = interruptedAfter(step);

        RunState end = runs("0.1").resume(run, Map.of(parameter, value), EngineListener.NONE);

        assertThat(end.outcome()).as("%s", end.error()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(end.error().orElseThrow().message())
                .isEqualTo("the run keeps its WAL by replication slot \"understudy\", and is now asked for " + asked);
        assertThat(primary.query("SELECT string_agg(slot_name, ' ') FROM pg_replication_slots"))
                .isEqualTo("understudy");
        edit(run, parameter + ": ${" + parameter + "}", parameter + ": " + value);
        abortLeavesNothing(run);
    }

    @Test
    void anotherVersionOfUnderstudySaysSoAndGoesOn() {
        String run = interruptedAfter("copy-data-directory");

        RunState end = runs("0.2").resume(run, Map.of(), EngineListener.NONE);

        assertThat(end.outcome()).as("%s", end.error()).isEqualTo(Outcome.PROVEN);
        assertThat(end.warnings()).contains("the run was begun by Understudy 0.1; this is 0.2");
    }
}
