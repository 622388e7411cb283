package dev.understudy.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.journal.RunState;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.RunFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may read what a run makes: a data directory as on the primary, the files of the run its owner alone. */
final class PermissionsIT {
    @TempDir
    Path home;

    /** Group access came with PostgreSQL 11; before, a server does not start on a directory that its group may read. */
    @ParameterizedTest
    @CsvSource({"9.6, false, local", "15, true, sql", "18, true, local"})
    void aDataDirectoryGetsThePrimarysModeAndARunItsOwnersAlone(String version, boolean group, String via)
            throws IOException {
        ServerMajor major = ServerMajor.parse(version);
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.of(major);
        try (EmbeddedPostgres primary = (group ? builder.withInitdb("--allow-group-access") : builder).start()) {
            Path target = primary.scratch("work").resolve("standby");
            RunState end = new RunFixture(home.resolve("state"))
                    .prove(
                            "standby",
                            Map.of(
                                    "primary", primary.conninfo(),
                                    "primary_host", "local",
                                    "via", via,
                                    "data_directory", target.toString(),
                                    "bin_directory", primary.binDirectory().toString(),
                                    "socket_directory",
                                            primary.socketDirectory().toString()));
            try (BuiltStandby standby = BuiltStandby.of(end, major, target)) {
                assertThat(standby.query("SELECT pg_is_in_recovery()")).isEqualTo("t");

                assertThat(modes(primary.dataDirectory(), true)).containsOnly(group ? "rwxr-x---" : "rwx------");
                assertThat(modes(target, true)).containsOnly(group ? "rwxr-x---" : "rwx------");
                assertThat(modes(target, false))
                        .isSubsetOf(group ? List.of("rw-------", "rw-r-----") : List.of("rw-------"));
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve("PG_VERSION"))))
                        .isEqualTo(group ? "rw-r-----" : "rw-------");
            }
            assertThat(modes(home.resolve("state"), true)).containsOnly("rwx------");
            assertThat(modes(home.resolve("state"), false)).containsOnly("rw-------");
        }
    }

    /** The modes that there are below a directory, of directories or of files. */
    private static Set<String> modes(Path top, boolean directories) throws IOException {
        Set<String> modes = new TreeSet<>();
        try (Stream<Path> paths = Files.walk(top)) {
            for (Path path : paths.toList()) {
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) == directories
                        && (directories || Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))) {
                    modes.add(PosixFilePermissions.toString(mode(path)));
                }
            }
        }
        return modes;
    }

    private static Set<PosixFilePermission> mode(Path path) throws IOException {
        try {
            return Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException gone) {
            // A running server's file; it counts as the strictest.
            return PosixFilePermissions.fromString(Files.isDirectory(path.getParent()) ? "rw-------" : "rwx------");
        }
    }
}
