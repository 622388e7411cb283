package dev.understudy.doctor;

import static dev.understudy.doctor.DoctorFixture.assertEvidence;
import static dev.understudy.doctor.DoctorFixture.requireCause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.RunState;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.RunFixture;
import dev.understudy.testing.SshServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The backup nobody stopped, and the one nobody can stop any more. */
final class BackupStoryIT {
    @TempDir
    private Path temporary;

    @Test
    void anExclusiveBackupLeftOpenIsStoppedAndTheStandbyOpensWithoutACopy() throws Exception {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V14)
                .withSetting("wal_keep_size", "256MB")
                .start()) {
            primary.execute("CREATE TABLE t AS SELECT 1 AS a", "SELECT pg_start_backup('nightly', true)");
            Path clone = Copies.copy(primary, primary.scratch("clones").resolve("clone"));
            Copies.follow(primary, clone);
            try (EmbeddedPostgres standby = EmbeddedPostgres.of(ServerMajor.V14)
                    .onDataDirectory(clone)
                    .initialize()
                    .startWithoutWaiting()) {
                awaitStreaming(primary);

                Diagnosis diagnosis = DoctorFixture.of(standby).primary(primary).examine();

                Finding cause = requireCause(diagnosis, "backup-never-stopped");
                assertEvidence(cause)
                        .anySatisfy(line -> assertThat(line).startsWith("pg_control: Backup start location 0/"))
                        .anySatisfy(line -> assertThat(line).contains("BACKUP METHOD: pg_start_backup, LABEL: nightly"))
                        .anySatisfy(line -> assertThat(line).contains("no BACKUP_END for start"))
                        .contains("pg_is_in_backup(): an exclusive backup is open on the primary");
                // Without the primary, the same by the WAL alone.
                assertThat(requireCause(DoctorFixture.of(standby).examine(), "backup-never-stopped")
                                .summary())
                        .endsWith("which was not stopped as far as the WAL at hand goes");

                repair(primary, cause, "stop-exclusive-backup");

                assertThat(standby.query("SELECT a FROM t")).isEqualTo("1");
                DoctorFixture.requireHealthy(
                        DoctorFixture.of(standby).primary(primary).examine());
                requireTheSameOverSsh(primary, standby);
            }
        }
    }

    /** The last thing, so that nothing else is skipped with it where there is no sshd. */
    private void requireTheSameOverSsh(EmbeddedPostgres primary, EmbeddedPostgres standby) {
        try (SshServer sshd = SshServer.start(temporary.resolve("sshd"))) {
            Facts facts = DoctorFixture.of(standby).primary(primary).over(sshd).facts();

            DoctorFixture.requireHealthy(Doctor.examine(facts));
            assertThat(facts.directory().value().orElseThrow().walEnd().isKnown())
                    .isTrue();
        }
    }

    @Test
    void anAbortedBackupIsToldFromOneLeftOpenAndTheDirectoryIsSeededAnew() throws Exception {
        ServerMajor major = ServerMajor.V16;
        try (EmbeddedPostgres primary =
                EmbeddedPostgres.of(major).withSetting("wal_keep_size", "256MB").start()) {
            primary.execute("CREATE TABLE t AS SELECT 1 AS a");
            Path clone = primary.scratch("clones").resolve("clone");
            try (Connection session = primary.connect();
                    Statement statement = session.createStatement()) {
                String label = startBackup(statement);
                Copies.copy(primary, clone);
                Files.writeString(clone.resolve("backup_label"), label);
            }
            Copies.follow(primary, clone);
            try (EmbeddedPostgres standby = EmbeddedPostgres.of(major)
                    .onDataDirectory(clone)
                    .initialize()
                    .startWithoutWaiting()) {
                awaitStreaming(primary);

                Diagnosis diagnosis = DoctorFixture.of(standby).primary(primary).examine();

                Finding cause = requireCause(diagnosis, "backup-aborted");
                assertEvidence(cause)
                        .anySatisfy(line -> assertThat(line).contains("no BACKUP_END for start"))
                        .contains("primary: no session that started a backup is there any more");
                assertThat(cause.remedies()).extracting(Remedy::id).containsExactly("reseed");
                requireCause(DoctorFixture.of(standby).examine(), "backup-aborted");

                repair(primary, cause, "reseed");

                DoctorFixture.requireHealthy(DoctorFixture.of(standby)
                        .log(clone.resolve("understudy-start.log"))
                        .primary(primary)
                        .examine());
            }
        }
    }

    @Test
    void aBackupThatASessionHoldsOpenIsStoppedThereAndTheStandbyOpens() throws Exception {
        ServerMajor major = ServerMajor.V15;
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(major)
                        .withSetting("wal_keep_size", "256MB")
                        .start();
                Connection session = primary.connect();
                Statement statement = session.createStatement()) {
            primary.execute("CREATE TABLE t AS SELECT 1 AS a");
            Path clone = primary.scratch("clones").resolve("clone");
            String label = startBackup(statement);
            Copies.copy(primary, clone);
            Files.writeString(clone.resolve("backup_label"), label);
            Copies.follow(primary, clone);
            try (EmbeddedPostgres standby = EmbeddedPostgres.of(major)
                    .onDataDirectory(clone)
                    .initialize()
                    .startWithoutWaiting()) {
                awaitStreaming(primary);
                Finding cause =
                        requireCause(DoctorFixture.of(standby).primary(primary).examine(), "backup-never-stopped");
                assertThat(cause.summary()).endsWith(", which is still open on the primary");
                assertEvidence(cause)
                        .anySatisfy(line -> assertThat(line)
                                .startsWith("pg_stat_activity of the primary: process ")
                                .endsWith(": pg_backup_start"));
                assertThat(cause.remedies()).extracting(Remedy::id).containsExactly("stop-backup-in-its-session");

                statement.execute("SELECT pg_backup_stop(false)");

                Awaitility.await("healthy")
                        .atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> DoctorFixture.requireHealthy(
                                DoctorFixture.of(standby).primary(primary).examine()));
            }
        }
    }

    @Test
    void aStopOfThePrimaryCancelsTheBackupAndAStandbyThatIsDownIsNotWaitedFor() {
        try (BackupLeftOpen broken = BackupLeftOpen.make(ServerMajor.V12, "none")) {
            DoctorFixture doctor = DoctorFixture.of(broken.standby()).primary(broken.primary());
            Finding open = requireCause(doctor.examine(), "backup-never-stopped");
            broken.standby().stop();
            RunFixture runs = new RunFixture(temporary.resolve("state"));
            Map<String, String> parameters =
                    new HashMap<>(remedy(open, "stop-exclusive-backup").parameters());
            parameters.put("primary", broken.primary().conninfo());

            RunState run = runs.run("repair-backup", parameters);

            assertThat(run.outcome()).as(runs.said()).isNotEqualTo(Outcome.PROVEN);
            assertThat(runs.said())
                    .contains("the standby's server does not run, so it cannot become consistent")
                    .contains("Start it as it is always started; its backup has an end now.");
            assertThat(broken.isOpen()).isFalse();
            broken.standby().start();
            DoctorFixture.requireHealthy(doctor.examine());
        }
    }

    @Test
    void aPrimaryThatWasStoppedHasCancelledTheBackupAndTheWalSaysSo() {
        try (BackupLeftOpen broken = BackupLeftOpen.make(ServerMajor.V11, "none")) {
            broken.primary().restart();
            DoctorFixture doctor = DoctorFixture.of(broken.standby());

            Awaitility.await("the shutdown in the WAL")
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertEvidence(requireCause(doctor.examine(), "backup-aborted"))
                            .anySatisfy(line -> assertThat(line)
                                    .containsPattern(
                                            "WAL: the primary was shut down at 0/\\w+, which cancels every backup")));
        }
    }

    /** The label as a person would write it by hand, from what a start says. */
    private static String startBackup(Statement statement) throws Exception {
        try (ResultSet row = statement.executeQuery("SELECT lsn, pg_walfile_name(lsn), checkpoint_lsn, timeline_id FROM"
                + " (SELECT pg_backup_start('by hand', true) AS lsn) b, pg_control_checkpoint()")) {
            row.next();
            return "START WAL LOCATION: %s (file %s)\nCHECKPOINT LOCATION: %s\nBACKUP METHOD: streamed\nBACKUP FROM: primary\nSTART TIME: 2026-11-20 10:00:00 UTC\nLABEL: by hand\nSTART TIMELINE: %s\n"
                    .formatted(row.getString(1), row.getString(2), row.getString(3), row.getString(4));
        }
    }

    private static void awaitStreaming(EmbeddedPostgres primary) {
        Awaitility.await("the standby to have all WAL")
                .atMost(Duration.ofSeconds(60))
                .until(() -> "1"
                        .equals(primary.query("SELECT count(*) FROM pg_stat_replication"
                                + " WHERE state = 'streaming' AND replay_lsn = pg_current_wal_lsn()")));
    }

    private void repair(EmbeddedPostgres primary, Finding cause, String id) {
        Remedy remedy = remedy(cause, id);
        assertThat(remedy.automatic()).isTrue();
        Map<String, String> parameters = new HashMap<>(remedy.parameters());
        parameters.put("primary", primary.conninfo());
        if (id.equals("reseed")) {
            parameters.put("bin_directory", primary.binDirectory().toString());
        }
        new RunFixture(temporary.resolve("state")).prove(remedy.playbook(), parameters);
    }

    private static Remedy remedy(Finding cause, String id) {
        return cause.remedies().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
