package dev.understudy.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.RunState;
import dev.understudy.host.ShellQuote;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Ledger;
import dev.understudy.testing.LeftBehind;
import dev.understudy.testing.RunFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The step {@code seal} of a plan whose copy is somebody else's: here {@code cp}, file by file, under load. */
final class SealStepIT {
    private static final ServerMajor MAJOR = ServerMajor.V17;

    /** What is cloned; the hook's own business is another test's. */
    private static final String PLAYBOOK = """
            understudy: 1
            name: copied-by-hand
            description: Seal what cp has copied during the backup.
            parameters:
              primary: {description: the primary, required: true}
              data_directory: {description: the copy, required: true}
              bin_directory: {description: server programs, required: true}
              socket_directory: {description: of the standby, required: true}
              tablespaces: {description: OLD=NEW, required: true}
              copy: {description: copies, required: true}
              slot: {description: the slot, required: true}
            primary: {connect: "${primary}", host: none}
            standby:
              host: local
              data_directory: ${data_directory}
              bin_directory: ${bin_directory}
              socket_directory: ${socket_directory}
              tablespaces: ${tablespaces}
            steps:
              - reserve-wal: {slot: "${slot}"}
              - start-backup
              - run: {command: "${copy}"}
              - stop-backup
              - seal
              - render-recovery
              - start-standby
              - prove-consistency: {timeout: 2min}
            """;

    private static EmbeddedPostgres primary;
    private static Path tablespace;

    @TempDir
    private static Path temporary;

    @BeforeAll
    static void start() throws IOException {
        primary = EmbeddedPostgres.of(MAJOR)
                .withSetting("archive_mode", "on")
                .withSetting("archive_command", "true")
                .start();
        tablespace = primary.scratch("tablespace");
        Files.writeString(temporary.resolve("copied-by-hand.yaml"), PLAYBOOK);
    }

    @AfterAll
    static void stop() {
        if (primary != null) {
            primary.close();
        }
    }

    private static RunState run(RunFixture fixture, String copy, Path work, String slot) {
        return fixture.run(
                temporary.resolve("copied-by-hand.yaml").toString(),
                Map.of(
                        "primary", primary.conninfo(),
                        "data_directory", work.resolve("data").toString(),
                        "bin_directory", primary.binDirectory().toString(),
                        "socket_directory", primary.socketDirectory().toString(),
                        "tablespaces", tablespace + "=" + work.resolve("archive"),
                        "slot", slot,
                        "copy", copy));
    }

    /** Files vanish under cp, which says so by its status. */
    private static String copy(Path work) {
        return "cp -a " + primary.dataDirectory() + " " + work.resolve("data") + "; cp -a " + tablespace + " "
                + work.resolve("archive") + "; test -e " + work.resolve("data/global/pg_control");
    }

    private static String pgCtl(Path data, String verb, String... options) {
        List<String> line = new ArrayList<>(
                List.of(primary.binDirectory().resolve("pg_ctl").toString(), verb, "-s", "-w", "-D", data.toString()));
        line.addAll(List.of(options));
        return ShellQuote.join(Account.asServer(line));
    }

    @Test
    void whatCpCopiedUnderLoadIsSealedStartedAndProven(@TempDir Path state) {
        Path work = primary.scratch("proven");
        RunFixture fixture = new RunFixture(state);
        try (Ledger ledger =
                Ledger.create(primary.jdbcUrl(), tablespace.toString()).start()) {
            RunState end = run(fixture, copy(work), work, "of_cp");

            assertThat(end.outcome()).as(fixture.said()).isEqualTo(Outcome.PROVEN);
            try (BuiltStandby standby = BuiltStandby.of(end, MAJOR, work.resolve("data"))) {
                Ledger.Reading reading = Ledger.read(standby.jdbcUrl(), MAJOR).requireRight();
                assertThat(reading.replayed().orElseThrow())
                        .isGreaterThanOrEqualTo(Lsn.parse(end.facts().get("stop_lsn")));
                assertThat(standby.query("SHOW archive_mode")).isEqualTo("off");
                assertThat(standby.query("SHOW archive_command")).isEqualTo("(disabled)");
                assertThat(standby.query("SELECT count(*) FROM pg_replication_slots"))
                        .isEqualTo("0");
                assertThat(standby.query(
                                "SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = 'archive'"))
                        .isEqualTo(work.resolve("archive").toString());
                ledger.requireRunning();
            }
        }
        primary.execute("SELECT pg_drop_replication_slot('of_cp')");
    }

    @Test
    void aCloneThatRanBeforeIsRefusedAndThePrimaryIsAsBefore(@TempDir Path state) {
        Path work = primary.scratch("ran");
        Path data = work.resolve("data");
        String start = "; rm -f " + data.resolve("postmaster.pid") + "; "
                + pgCtl(data, "start", "-l", work + "/log", "-o", "-p " + EmbeddedPostgres.freePort()) + " && "
                + pgCtl(data, "stop", "-m", "immediate");
        RunFixture fixture = new RunFixture(state);

        RunState end = run(fixture, copy(work) + start, work, "of_ran");

        assertThat(end.outcome()).as(fixture.said()).isEqualTo(Outcome.UNDONE);
        assertThat(fixture.said()).contains("a server has run in").contains("it went its own way at");
        LeftBehind.nothingOn(primary);
    }
}
