package dev.understudy.doctor;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** A primary of up to 14 whose exclusive backup nobody has stopped, and a standby of a copy that was made meanwhile. */
public final class BackupLeftOpen implements AutoCloseable {
    private final EmbeddedPostgres primary;
    private final EmbeddedPostgres standby;

    private BackupLeftOpen(EmbeddedPostgres primary, EmbeddedPostgres standby) {
        this.primary = primary;
        this.standby = standby;
    }

    /**
     * Makes the pair; the standby streams, and does not open.
     *
     * @param password what the standby's primary_conninfo has; the primary asks for none
     * @param lines further lines of the standby's recovery settings
     */
    public static BackupLeftOpen make(ServerMajor major, String password, String... lines) {
        boolean kept = major.isAtLeast(ServerMajor.V13);
        EmbeddedPostgres primary = EmbeddedPostgres.of(major)
                .withSetting(kept ? "wal_keep_size" : "wal_keep_segments", kept ? "256MB" : "16")
                .start();
        try {
            primary.execute("CREATE TABLE t AS SELECT 1 AS a", "SELECT pg_start_backup('nightly', true)");
            Path clone = Copies.copy(primary, primary.scratch("clones").resolve("clone"));
            List<String> settings = new ArrayList<>(List.of(lines));
            settings.add("primary_conninfo = '%s application_name=standby password=%s'"
                    .formatted(primary.conninfo(), password));
            Copies.follow(primary, clone, settings.toArray(String[]::new));
            EmbeddedPostgres standby = EmbeddedPostgres.of(major)
                    .onDataDirectory(clone)
                    .initialize()
                    .startWithoutWaiting();
            BackupLeftOpen made = new BackupLeftOpen(primary, standby);
            made.awaitReplay();
            return made;
        } catch (RuntimeException e) {
            primary.close();
            throw e;
        }
    }

    public EmbeddedPostgres primary() {
        return primary;
    }

    public EmbeddedPostgres standby() {
        return standby;
    }

    /** Whether the backup is open still. */
    public boolean isOpen() {
        return "t".equals(primary.query("SELECT pg_is_in_backup()"));
    }

    private void awaitReplay() {
        boolean lsn = primary.major().isAtLeast(ServerMajor.V10);
        String caughtUp = lsn ? "replay_lsn = pg_current_wal_lsn()" : "replay_location = pg_current_xlog_location()";
        Awaitility.await("the standby to have all WAL")
                .atMost(Duration.ofSeconds(60))
                .until(() -> "1"
                        .equals(primary.query(
                                "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND " + caughtUp)));
    }

    @Override
    public void close() {
        standby.close();
        primary.close();
    }
}
