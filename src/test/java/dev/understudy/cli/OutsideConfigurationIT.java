package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.TreeDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clones of a server whose configuration lies outside of its data directory, as Debian has it. */
final class OutsideConfigurationIT {
    private static final ServerMajor MAJOR = ServerMajor.V14;
    private static final List<String> FILES = List.of("postgresql.conf", "pg_hba.conf", "pg_ident.conf");

    @Test
    void aCloneGetsTheSourcesSettingsUnlessItHasAConfigurationOfItsOwn(@TempDir Path bundles) throws IOException {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(MAJOR)
                .withSetting("work_mem", "7MB")
                .withSetting("archive_mode", "on")
                .withSetting("archive_command", "true")
                .initialize()) {
            Path outside = primary.scratch("etc").resolve("source");
            moveConfiguration(primary.dataDirectory(), outside);
            start(primary, outside);
            try {
                TwoCommands commands = new TwoCommands(primary, bundles.resolve("b"), "outside").begun();
                Path bare = copy(primary, "bare");
                Path own = copy(primary, "own");
                commands.ended();

                hasTheSourcesSettings(commands, bare);
                primary.execute("SELECT pg_copy_physical_replication_slot('outside', 'own')");
                isSealedByItsOwnConfiguration(commands, primary, outside, own);
            } finally {
                pgCtl(
                        primary,
                        "stop",
                        "-m",
                        "immediate",
                        "-D",
                        primary.dataDirectory().toString());
            }
        }
    }

    private static void moveConfiguration(Path from, Path to) throws IOException {
        Account.run(Account.asServer(List.of("mkdir", to.toString())), Map.of());
        for (String file : FILES) {
            Account.run(Account.asServer(List.of("mv", from.resolve(file).toString(), to.toString())), Map.of());
        }
        append(to, "data_directory = '" + from + "'");
        append(to, "hba_file = '" + to.resolve("pg_hba.conf") + "'");
        append(to, "ident_file = '" + to.resolve("pg_ident.conf") + "'");
    }

    private static void append(Path directory, String line) throws IOException {
        Files.writeString(directory.resolve("postgresql.conf"), line + "\n", StandardOpenOption.APPEND);
    }

    private static void start(EmbeddedPostgres server, Path configuration) {
        pgCtl(server, "start", "-w", "-l", configuration + ".log", "-D", configuration.toString());
    }

    private static void pgCtl(EmbeddedPostgres server, String... words) {
        List<String> line =
                new ArrayList<>(List.of(server.binDirectory().resolve("pg_ctl").toString(), "-s"));
        line.addAll(List.of(words));
        Account.run(Account.asServer(line), Map.of("LC_ALL", "C"));
    }

    private static Path copy(EmbeddedPostgres primary, String name) {
        Path to = primary.scratch(name).resolve("data");
        // Files vanish under cp, which says so by its status.
        Account.run(
                List.of(
                        "sh",
                        "-c",
                        "cp -a \"$1\" \"$2\" || test -e \"$2\"",
                        "sh",
                        primary.dataDirectory().toString(),
                        to.toString()),
                Map.of());
        return to;
    }

    private static void hasTheSourcesSettings(TwoCommands commands, Path clone) throws IOException {
        int port = EmbeddedPostgres.freePort();
        Captured sealed = commands.seal(clone, "--port", Integer.toString(port));
        assertThat(sealed.status()).as(sealed.err()).isZero();
        assertThat(sealed.out())
                .contains("wrote the source's settings to postgresql.conf, and a pg_hba.conf that admits");
        assertThat(clone.resolve("pg_hba.conf")).content().contains("These admit the same machine alone");
        Files.writeString(clone.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 trust\n");
        try (BuiltStandby standby = BuiltStandby.at(MAJOR, clone, port)) {
            standby.start();
            assertThat(standby.query("SHOW work_mem")).isEqualTo("7MB");
            assertThat(standby.query("SHOW archive_mode")).isEqualTo("off");
            assertThat(standby.query("SHOW data_directory")).isEqualTo(clone.toString());
            assertThat(standby.query("SELECT pg_is_in_recovery()")).isEqualTo("t");
        }
    }

    /** What it sets alone is neutralised as well, every time it is sealed; its own files stay as they are. */
    private static void isSealedByItsOwnConfiguration(
            TwoCommands commands, EmbeddedPostgres primary, Path source, Path clone) throws IOException {
        Path own = source.resolveSibling("own");
        Account.run(List.of("cp", "-a", source.toString(), own.toString()), Map.of());
        append(own, "data_directory = '" + clone + "'");
        append(own, "hba_file = '" + own.resolve("pg_hba.conf") + "'");
        append(own, "synchronous_standby_names = 'somebody'");
        append(own, "work_mem = '9MB'");
        Map<String, String> before = TreeDigest.of(own);
        int port = EmbeddedPostgres.freePort();
        String[] order = {"--config-directory", own.toString(), "--slot", "own", "--port", Integer.toString(port)};

        Captured foreign = commands.seal(clone, "--config-directory", source.toString());
        assertThat(foreign.status()).isEqualTo(3);
        assertThat(foreign.err())
                .contains("the configuration in \"" + source + "\" is another data directory's")
                .contains("data_directory is \"" + primary.dataDirectory() + "\" there");
        for (int i = 0; i < 2; i++) {
            Captured sealed = commands.seal(clone, order);
            assertThat(sealed.status()).as(sealed.err()).isZero();
            assertThat(sealed.out())
                    .contains("set archive_mode = 'off': it would archive beside its source")
                    .contains("reads its configuration in \"" + own + "\"")
                    .contains("pg_ctl -D " + own + " start");
        }
        assertThat(TreeDigest.of(own)).isEqualTo(before);
        start(primary, own);
        try (BuiltStandby standby = BuiltStandby.at(MAJOR, clone, port)) {
            assertThat(standby.query("SHOW synchronous_standby_names")).isEmpty();
            assertThat(standby.query("SHOW archive_mode")).isEqualTo("off");
            assertThat(standby.query("SHOW work_mem")).isEqualTo("9MB");
            assertThat(standby.query("SELECT pg_is_in_recovery()")).isEqualTo("t");
        }
    }
}
