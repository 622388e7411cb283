package dev.understudy.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.RunState;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Ledger;
import dev.understudy.testing.RunFixture;
import dev.understudy.testing.SshServer;
import dev.understudy.testing.TreeDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A standby whose WAL is gone, brought up again on its own directory by what differs. */
final class ReseedIT {
    private static final ServerMajor MAJOR = ServerMajor.V16;

    /** Data that does not change: most of it, as in real life. */
    private static final int ARCHIVED_ROWS = 60_000;

    private static EmbeddedPostgres primary;
    private static SshServer sshd;
    private static String tablespace;
    private static Path target;
    private static BuiltStandby standby;

    @TempDir
    private static Path temporary;

    @BeforeAll
    static void buildStandby() {
        sshd = SshServer.start(temporary.resolve("sshd"));
        primary = EmbeddedPostgres.of(MAJOR).withChecksums().start();
        tablespace = primary.scratch("tablespace").toString();
        try (Ledger ledger = Ledger.create(primary.jdbcUrl(), tablespace).start()) {
            primary.execute(
                    "CREATE TABLE archived AS SELECT n, repeat(md5(n::text), 20) AS body FROM generate_series(1, "
                            + ARCHIVED_ROWS + ") n");
            // What autovacuum notes on pages later is a difference too; here there shall be none.
            primary.execute("VACUUM FREEZE archived", "VACUUM FREEZE old_document");
            target = primary.scratch("work").resolve("standby");
            RunState run = runs().prove("standby", parameters("local"));
            standby = BuiltStandby.of(run, MAJOR, target);
            ledger.requireRunning();
        }
    }

    @AfterAll
    static void stopAll() {
        if (standby != null) {
            standby.close();
        }
        if (primary != null) {
            primary.close();
        }
        if (sshd != null) {
            sshd.close();
        }
    }

    private static RunFixture runs() {
        return new RunFixture(temporary.resolve("state"), sshd.options());
    }

    private static Map<String, String> parameters(String route) {
        return new LinkedHashMap<>(Map.of(
                "primary", primary.conninfo(),
                "primary_host",
                        Map.of("local", "local", "ssh", sshd.address(), "sql", "none")
                                .get(route),
                "via", route,
                "data_directory", target.toString(),
                "bin_directory", primary.binDirectory().toString(),
                "socket_directory", primary.socketDirectory().toString(),
                "tablespaces", tablespace + "=" + target + ".archive"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "ssh", "sql"})
    void aStandbyThatFellBehindIsProvenAgainByWhatDiffers(String route) throws IOException {
        String mark = "# written by hand before the " + route + " route";
        append(target.resolve("postgresql.conf"), mark);
        append(target.resolve("pg_hba.conf"), mark);
        Files.writeString(target.resolve("own-" + route + ".crt"), mark);
        Account.give(target.resolve("own-" + route + ".crt"));
        standby.stop();
        try (Ledger ledger = Ledger.attach(primary.jdbcUrl()).start()) {
            loseTheWalOfTheStandby(!route.equals("sql"));

            RunState run = runs().prove("reseed", parameters(route));

            standby = BuiltStandby.of(run, MAJOR, target);
            Ledger.read(standby.jdbcUrl(), MAJOR).requireRight();
            ledger.requireRunning();
            Map<String, ?> copy = run.published().get("copy");
            long total = ((Number) copy.get("bytesTotal")).longValue();
            assertThat(((Number) copy.get("bytesTransferred")).longValue()).isLessThan(total / 4);
        }
        assertThat(standby.query("SELECT count(*) FROM archived WHERE body = repeat(md5(n::text), 20)"))
                .isEqualTo(Integer.toString(ARCHIVED_ROWS));
        assertThat(filesBeside(mark))
                .as("files that hold what was written by hand")
                .hasSizeGreaterThanOrEqualTo(3);
        assertThat(primary.query("SELECT string_agg(slot_name || ' ' || active, ',') FROM pg_replication_slots"))
                .isEqualTo("understudy true");
    }

    private static void append(Path file, String line) throws IOException {
        Files.writeString(file, "\n" + line + "\n", StandardOpenOption.APPEND);
    }

    private static void loseTheWalOfTheStandby(boolean dropSlot) {
        if (dropSlot) {
            Awaitility.await("the slot to be free")
                    .until(() -> "f".equals(primary.query("SELECT active FROM pg_replication_slots")));
            primary.execute("SELECT pg_drop_replication_slot('understudy')");
        }
        for (int i = 0; i < 3; i++) {
            primary.execute("SELECT pg_switch_wal()", "CHECKPOINT");
        }
    }

    /** Every file in and beside the data directory that holds the text. */
    private static List<Path> filesBeside(String text) throws IOException {
        try (Stream<Path> files = Files.walk(target.getParent())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("/base/") && holds(file, text))
                    .toList();
        }
    }

    private static boolean holds(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (NoSuchFileException e) {
            return false; // The standby is running.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theDirectoryOfARunningServerIsRefused() {
        RunState run = runs().run("reseed", parameters("local"));

        assertThat(run.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(run.error().orElseThrow().message()
                        + run.error().orElseThrow().detail())
                .contains("a server is running on \"" + target + "\"");
        assertThat(standby.query("SELECT pg_is_in_recovery()")).isEqualTo("t");
    }

    @Test
    void theDirectoryOfAnotherClusterIsRefusedAndUnchanged() {
        try (EmbeddedPostgres other = EmbeddedPostgres.of(MAJOR).initialize()) {
            Map<String, String> before = TreeDigest.of(other.dataDirectory());
            Map<String, String> parameters = parameters("local");
            parameters.put("data_directory", other.dataDirectory().toString());
            parameters.put("slot", "another");
            parameters.put("tablespaces", tablespace + "=" + other.dataDirectory() + ".archive");

            RunState run = runs().run("reseed", parameters);

            assertThat(run.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(run.error().orElseThrow().message()
                            + run.error().orElseThrow().detail())
                    .contains("belongs to another cluster than the primary");
            assertThat(TreeDigest.of(other.dataDirectory())).isEqualTo(before);
        }
    }
}
