package dev.understudy.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
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
import dev.understudy.testing.Ledger;
import dev.understudy.testing.LeftBehind;
import dev.understudy.testing.SshServer;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A directory that was being seeded anew gets its old contents back, byte for byte. */
final class ReseedUndoneIT {
    private static final ServerMajor MAJOR = ServerMajor.V16;

    private static EmbeddedPostgres primary;
    private static SshServer sshd;
    private static Path work;
    private static Path target;
    private static Path template;
    private static String tablespace;

    @TempDir
    private static Path temporary;

    @TempDir
    private Path state;

    @BeforeAll
    static void buildAnOldStandby() throws IOException {
        sshd = SshServer.start(temporary.resolve("sshd"));
        primary = EmbeddedPostgres.of(MAJOR).withChecksums().start();
        tablespace = primary.scratch("tablespace").toString();
        work = primary.scratch("work");
        target = work.resolve("standby");
        try (Ledger ledger = Ledger.create(primary.jdbcUrl(), tablespace).start()) {
            primary.execute("CREATE TABLE dropped_later AS SELECT generate_series(1, 10000) n");
            RunState run = runs(temporary.resolve("state")).run("standby", parameters("local"), EngineListener.NONE);
            assertThat(run.outcome()).as("%s", run.error()).isEqualTo(Outcome.PROVEN);
            BuiltStandby.of(run, MAJOR, target).stop();
            primary.execute(
                    "DROP TABLE dropped_later",
                    "CREATE TABLE made_later AS SELECT generate_series(1, 10000) n",
                    "SELECT pg_drop_replication_slot('understudy')");
            ledger.requireRunning();
        }
        Files.writeString(target.resolve("notes of somebody.txt"), "not ours");
        Files.createDirectory(target.resolve("empty directory"));
        // Owner and group of the directory's own.
        for (String name : List.of("notes of somebody.txt", "empty directory")) {
            Account.run(
                    List.of(
                            "chown",
                            "--reference",
                            target.toString(),
                            "--",
                            target.resolve(name).toString()),
                    Map.of());
        }
        template = primary.scratch("template");
        Account.run(List.of("cp", "-a", "--", work + "/.", template.toString()), Map.of());
    }

    @AfterAll
    static void stopAll() {
        if (primary != null) {
            primary.close();
        }
        if (sshd != null) {
            sshd.close();
        }
    }

    @BeforeEach
    void takeTheOldStandby() {
        Account.run(List.of("find", work.toString(), "-mindepth", "1", "-delete"), Map.of());
        Account.run(List.of("cp", "-a", "--", template + "/.", work.toString()), Map.of());
    }

    @AfterEach
    void stopTheStandby() {
        BuiltStandby.at(MAJOR, target, 0).close();
        primary.query("SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots");
    }

    private static EngineRuns runs(Path state) {
        return new EngineRuns(state, name -> Hosts.open(name, sshd.options()));
    }

    private static Map<String, String> parameters(String route) {
        Map<String, String> parameters = new LinkedHashMap<>(Map.of(
                "primary", primary.conninfo(),
                "data_directory", target.toString(),
                "bin_directory", primary.binDirectory().toString(),
                "socket_directory", primary.socketDirectory().toString(),
                "tablespaces", tablespace + "=" + target + ".archive"));
        switch (route) {
            case "local" -> parameters.putAll(Map.of("primary_host", "local", "via", "local"));
            case "relay" ->
                parameters.putAll(Map.of("standby_host", sshd.address(), "via", "sql", "account", Account.ofServers()));
            case "stream" -> parameters.putAll(Map.of("via", "sql", "wal", "stream"));
            default -> parameters.put("via", "sql");
        }
        return parameters;
    }

    @ParameterizedTest
    @CsvSource({"local, changed", "sql, changed", "relay, changed", "stream, changed", "local, all"})
    void aFailedReseedPutsTheOldStandbyBackByteForByte(String route, String keep) {
        Map<String, String> before = TreeDigest.of(work);
        Map<String, String> parameters = parameters(route);
        parameters.put("keep_old", keep);
        parameters.put("start", "false");

        RunState run = runs(state).run("reseed", parameters, EngineListener.NONE);

        assertThat(run.outcome()).as("%s %s", run.error(), run.left()).isEqualTo(Outcome.UNDONE);
        assertThat(TreeDigest.of(work)).isEqualTo(before);
        LeftBehind.nothingOn(primary);
    }

    /** Interrupted in the copy and taken up again and again: what is kept stays the oldest. */
    @Test
    void anAbortAfterSeveralAttemptsPutsTheOldStandbyBackByteForByte() {
        Map<String, String> before = TreeDigest.of(work);
        Interruption interruption = new Interruption();
        RunState run =
                runs(state).run("reseed", parameters("local"), keepAt("render-recovery", interruption), interruption);
        assertThat(run.outcome()).isEqualTo(Outcome.INTERRUPTED);
        primary.execute("UPDATE account SET balance = balance", "CHECKPOINT");

        RunState again =
                runs(state).keepingOnFailure().resume(run.run(), Map.of("start", "false"), EngineListener.NONE);
        assertThat(again.outcome()).as("%s", again.error()).isEqualTo(Outcome.INTERRUPTED);

        RunState aborted = runs(state).abort(run.run());
        assertThat(aborted.outcome()).as("%s", aborted.left()).isEqualTo(Outcome.UNDONE);
        assertThat(TreeDigest.of(work)).isEqualTo(before);
    }

    private static EngineListener keepAt(String step, Interruption interruption) {
        return event -> {
            if (event instanceof JournalEvent.StepApplied applied
                    && applied.step().equals(step)) {
                interruption.request(Interruption.Mode.KEEP);
            }
        };
    }

    @Test
    void whatSomebodyPutThereMeanwhileStays() throws IOException {
        Map<String, String> before = TreeDigest.of(target);
        Map<String, String> parameters = parameters("local");
        String stranger = target + "/base/of somebody";
        parameters.put("start", "sh -c 'echo x > \"" + stranger + "\"; exit 1'");

        RunState run = runs(state).run("reseed", parameters, EngineListener.NONE);

        assertThat(run.outcome()).as("%s %s", run.error(), run.left()).isEqualTo(Outcome.UNDONE);
        assertThat(run.warnings()).anySatisfy(warning -> assertThat(warning).contains("\"base/of somebody\""));
        assertThat(Path.of(stranger)).exists();
        Files.delete(Path.of(stranger));
        assertThat(TreeDigest.of(target)).isEqualTo(before);
    }

    @Test
    void onceTheServerHasWorkedOnItThereIsNoWayBackButWithEverythingKept() {
        Map<String, String> parameters = parameters("local");
        RunState lost = unproven(parameters, state.resolve("changed"));
        assertThat(lost.outcome()).isEqualTo(Outcome.LEFT);
        assertThat(lost.left().get(0).detail()).contains("server has worked on it since");
        assertThat(target.resolve("global/pg_control"))
                .as("what a server starts from")
                .doesNotExist();

        takeTheOldStandby();
        Map<String, String> before = TreeDigest.of(work);
        parameters.put("keep_old", "all");
        RunState kept = unproven(parameters, state.resolve("all"));
        assertThat(kept.outcome()).as("%s", kept.left()).isEqualTo(Outcome.UNDONE);
        assertThat(TreeDigest.of(work)).isEqualTo(before);
    }

    /** The server runs; then the run is aborted. */
    private static RunState unproven(Map<String, String> parameters, Path runsState) {
        Interruption interruption = new Interruption();
        RunState run = runs(runsState).run("reseed", parameters, keepAt("start-standby", interruption), interruption);
        assertThat(run.outcome()).as("%s", run.error()).isEqualTo(Outcome.INTERRUPTED);
        return runs(runsState).abort(run.run());
    }
}
