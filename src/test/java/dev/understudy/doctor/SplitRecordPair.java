package dev.understudy.doctor;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * A standby with an archive alone that has come to a record which begins in one segment, which the archive has, and ends in
 * the next, which only the primary has: it writes that one still.
 */
final class SplitRecordPair implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final EmbeddedPostgres primary;
    private final EmbeddedPostgres standby;
    private final Path archive;
    private String first = "";

    private SplitRecordPair(EmbeddedPostgres primary, EmbeddedPostgres standby, Path archive) {
        this.primary = primary;
        this.standby = standby;
        this.archive = archive;
    }

    static SplitRecordPair make(ServerMajor major) {
        EmbeddedPostgres primary = EmbeddedPostgres.of(major)
                .withSetting("archive_mode", "on")
                .withSetting("archive_command", "true")
                .withSetting("wal_retrieve_retry_interval", "200ms")
                .initialize();
        try {
            Path archive = primary.scratch("archive");
            primary.configure("archive_command = 'cp %p " + archive + "/%f'");
            primary.start();
            primary.execute("CREATE TABLE t AS SELECT 1 AS a");
            primary.stop();
            Path clone = Copies.copy(primary, primary.scratch("clones").resolve("clone"));
            primary.start();
            String restore = "restore_command = 'cp " + archive + "/%f %p 2>/dev/null'";
            Copies.follow(primary, clone, restore, "primary_conninfo = ''");
            EmbeddedPostgres standby = EmbeddedPostgres.of(major)
                    .onDataDirectory(clone)
                    .initialize()
                    .start();
            SplitRecordPair pair = new SplitRecordPair(primary, standby, archive);
            pair.splitARecord();
            return pair;
        } catch (RuntimeException e) {
            primary.close();
            throw e;
        }
    }

    EmbeddedPostgres primary() {
        return primary;
    }

    EmbeddedPostgres standby() {
        return standby;
    }

    Path archive() {
        return archive;
    }

    /** The name of the segment that the record begins in. */
    String first() {
        return first;
    }

    DoctorFixture doctor() {
        return DoctorFixture.of(standby).primary(primary).archive(archive);
    }

    private boolean named() {
        return primary.major().isAtLeast(ServerMajor.V10);
    }

    /** The name of the segment that the primary writes. */
    String current() {
        return primary.query(
                named()
                        ? "SELECT pg_walfile_name(pg_current_wal_lsn())"
                        : "SELECT pg_xlogfile_name(pg_current_xlog_location())");
    }

    void switchWal() {
        primary.execute(named() ? "SELECT pg_switch_wal()" : "SELECT pg_switch_xlog()");
    }

    Path walDirectory(EmbeddedPostgres server) {
        return server.dataDirectory().resolve(named() ? "pg_wal" : "pg_xlog");
    }

    /** Writes records of a megabyte until one of them is begun in a segment and ends in the next. */
    private void splitARecord() {
        first = current();
        Awaitility.await("the next segment")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    primary.execute("SELECT pg_logical_emit_message(true, 'test', repeat('x', 1000000))");
                    return !first.equals(current());
                });
        Awaitility.await("the first segment to be archived")
                .atMost(LIMIT)
                .until(() -> Files.exists(archive.resolve(first)));
    }

    @Override
    public void close() {
        standby.close();
        primary.close();
    }
}
