package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Required;
import dev.understudy.testing.Understudy;
import dev.understudy.testing.Understudy.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The account that PostgreSQL runs as makes clones all by itself, as a DBA without root does: in one command and in two, by
 * processes that have no rights but its own.
 */
final class OrdinaryAccountIT {
    private static final ServerMajor MAJOR = ServerMajor.V16;

    @TempDir
    private static Path temporary;

    private static EmbeddedPostgres primary;
    private static Understudy understudy;

    @BeforeAll
    static void start() throws IOException {
        Required.part("root", Account.isRoot(), "only root can become an account that has fewer rights");
        primary = EmbeddedPostgres.of(MAJOR).start();
        primary.execute("CREATE TABLE t AS SELECT g FROM generate_series(1, 1000) g");
        Path home = Files.createDirectory(temporary.resolve("home"));
        for (Path path : List.of(temporary, home)) {
            Account.run(List.of("chmod", "755", path.toString()), Map.of());
        }
        Account.give(home);
        understudy = new Understudy(home).asServersAccount(temporary.resolve("program"));
    }

    @AfterAll
    static void stop() {
        if (primary != null) {
            primary.close();
        }
    }

    private static String copy(Path to) {
        // Files vanish under cp, which says so by its status.
        return "cp -a " + primary.dataDirectory() + " " + to + " || test -e " + to + "/global/pg_control";
    }

    private static void isAStandby(Path data, int port) {
        try (BuiltStandby standby = BuiltStandby.at(MAJOR, data, port)) {
            if (!standby.isRunning()) {
                standby.start();
            }
            assertThat(standby.query("SELECT pg_is_in_recovery() AND count(*) = 1000 FROM t"))
                    .isEqualTo("t");
            assertThat(Account.ownerOf(data.resolve("global/pg_control"))).isEqualTo(Account.ofServers());
        }
    }

    @Test
    void inOneCommand() {
        Path data = primary.scratch("one").resolve("data");
        int port = EmbeddedPostgres.freePort();

        Ended run = understudy.runPlaybook(
                "clone",
                Map.of(
                        "primary", primary.conninfo(),
                        "primary_host", "local",
                        "data_directory", data.toString(),
                        "bin_directory", primary.binDirectory().toString(),
                        "socket_directory", primary.socketDirectory().toString(),
                        "volumes", primary.dataDirectory().toString(),
                        "snapshot", "{ " + copy(data) + "; } >&2",
                        "cleanup", "rm -rf " + data,
                        "port", Integer.toString(port),
                        "slot", "one"));

        assertThat(run.status()).as(run.said()).isZero();
        isAStandby(data, port);
        primary.execute("SELECT pg_drop_replication_slot('one')");
    }

    @Test
    void inTwoCommands() {
        Path data = primary.scratch("two").resolve("data");
        Path bundle = temporary.resolve("home/bundle");
        int port = EmbeddedPostgres.freePort();

        done("backup", "begin", "--primary", primary.conninfo(), "--bundle", bundle.toString(), "--slot", "two");
        Account.run(Account.asServer(List.of("sh", "-c", copy(data))), Map.of());
        done("backup", "end", "--bundle", bundle.toString());
        done("seal", "--bundle", bundle.toString(), "-D", data.toString(), "--port", Integer.toString(port));
        assertThat(understudy.run("backup", "status").said())
                .startsWith("status 0\n")
                .contains(bundle.toString());

        isAStandby(data, port);
        assertThat(understudy
                        .run("backup", "drop", "--bundle", bundle.toString())
                        .status())
                .as("the slot is the standby's by now")
                .isEqualTo(3);
        primary.execute("SELECT pg_drop_replication_slot('two')");
    }

    private static void done(String... line) {
        Ended ended = understudy.run(line);
        assertThat(ended.status()).as(ended.said()).isZero();
    }
}
