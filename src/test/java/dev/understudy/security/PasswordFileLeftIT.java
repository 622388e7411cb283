package dev.understudy.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.LeftBehind;
import dev.understudy.testing.Needle;
import dev.understudy.testing.Oracles;
import dev.understudy.testing.Understudy;
import dev.understudy.testing.Understudy.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code pg_basebackup} does, and the password file that it reads, when its run alone is killed. */
final class PasswordFileLeftIT {
    private static final String BASE_BACKUPS =
            "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'pg_basebackup'";

    @TempDir
    Path home;

    @Test
    void abortEndsTheProgramOfAKilledBaseBackupAndRemovesItsPasswordFile() throws Exception {
        Needle needle = new Needle();
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V15)
                .withSetting("password_encryption", "md5")
                .start()) {
            primary.execute(
                    "CREATE ROLE keeper LOGIN SUPERUSER REPLICATION PASSWORD " + needle.literal(),
                    "CREATE TABLE t AS SELECT g, repeat('x', 500) FROM generate_series(1, 100000) g");
            primary.admit(
                    "local all all trust",
                    "host all keeper 127.0.0.1/32 md5",
                    "host replication keeper 127.0.0.1/32 md5",
                    "host all all 127.0.0.1/32 trust");
            primary.reload();
            Path target = primary.scratch("work").resolve("standby");
            Understudy understudy = new Understudy(home).with("PGPASSWORD", needle.secret());

            Understudy.Running run = understudy.start(Understudy.command(
                    "run",
                    "basebackup",
                    Map.of(
                            "primary", primary.conninfo().replace("user=postgres", "user=keeper"),
                            "data_directory", target.toString(),
                            "bin_directory", Oracles.binDirectory().toString(),
                            "socket_directory", primary.socketDirectory().toString(),
                            "rate_limit", "2MB")));
            Awaitility.await("a program that has read the password file and copies")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> !run.isAlive() || !"0".equals(primary.query(BASE_BACKUPS)));
            assertThat(run.isAlive()).as(run.said()).isTrue();
            run.killGroup();

            assertThat(needle.filesBelow(target.getParent()))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
            // It is a session of its own, and copies on.
            assertThat(primary.query(BASE_BACKUPS)).isNotEqualTo("0");
            Ended aborted = understudy.run("abort", understudy.onlyRun());

            assertThat(aborted.status()).as(aborted.said()).isZero();
            assertThat(needle.filesBelow(target.getParent())).isEmpty();
            LeftBehind.nothingOn(primary);
            Awaitility.await("the end of the killed program's sessions")
                    .until(() -> "0".equals(primary.query(BASE_BACKUPS)));
        }
    }
}
