package dev.understudy.doctor;

import static dev.understudy.doctor.DoctorFixture.assertEvidence;
import static dev.understudy.doctor.DoctorFixture.requireCause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.RunState;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.RunFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The split record: a standby with an archive alone waits for the rest of a record, which the primary has not archived. */
final class SplitRecordIT {
    @TempDir
    private Path temporary;

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "17"})
    void aSwitchOfWalOnThePrimaryLetsReplayPassTheRecord(String text) {
        ServerMajor major = ServerMajor.parse(text);
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(major)
                .withSetting("archive_mode", "on")
                .withSetting("archive_command", "true")
                .initialize()) {
            Path archive = primary.scratch("archive");
            primary.configure("archive_command = 'cp %p " + archive + "/%f'");
            primary.start();
            primary.execute("CREATE TABLE t AS SELECT 1 AS a");
            primary.stop();
            Path clone = Copies.copy(primary, primary.scratch("clones").resolve("clone"));
            primary.start();
            String restore = "restore_command = 'cp " + archive + "/%f %p'";
            Copies.follow(primary, clone, restore, "primary_conninfo = ''");
            try (EmbeddedPostgres standby = EmbeddedPostgres.of(major)
                    .onDataDirectory(clone)
                    .initialize()
                    .start()) {
                splitARecord(primary, archive);
                DoctorFixture doctor =
                        DoctorFixture.of(standby).primary(primary).archive(archive);
                Facts[] seen = new Facts[1];
                Awaitility.await("the standby to come to the record")
                        .atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> {
                            seen[0] = doctor.facts();
                            requireCause(Doctor.examine(seen[0]), "record-split-across-segments");
                        });

                Finding cause = requireCause(Doctor.examine(seen[0]), "record-split-across-segments");
                assertEvidence(cause)
                        .anySatisfy(line -> assertThat(line)
                                .containsPattern(
                                        "WAL: the record at 0/\\w+ begins in \\w{24} and continues in \\w{24}"))
                        .anySatisfy(line -> assertThat(line).contains("archive: gone", "primary: present"));
                SavedFacts.write("record-split-across-segments", major, seen[0], primary, standby);
                Remedy remedy = cause.remedies().stream()
                        .filter(each -> each.id().equals("switch-wal"))
                        .findFirst()
                        .orElseThrow();

                Map<String, String> parameters = new HashMap<>(remedy.parameters());
                parameters.put("primary", primary.conninfo());
                RunFixture runs = new RunFixture(temporary.resolve("state"));
                RunState run = runs.run(remedy.playbook(), parameters);

                assertThat(run.outcome()).as(runs.said()).isEqualTo(Outcome.DONE);
            }
        }
    }

    /** Writes records of a megabyte until one of them is begun in a segment and ends in the next. */
    private static void splitARecord(EmbeddedPostgres primary, Path archive) {
        boolean named = primary.major().isAtLeast(ServerMajor.V10);
        String file = named
                ? "SELECT pg_walfile_name(pg_current_wal_lsn())"
                : "SELECT pg_xlogfile_name(pg_current_xlog_location())";
        String first = primary.query(file);
        Awaitility.await("the next segment")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    primary.execute("SELECT pg_logical_emit_message(true, 'test', repeat('x', 1000000))");
                    return !first.equals(primary.query(file));
                });
        Awaitility.await("the first segment to be archived")
                .atMost(Duration.ofSeconds(60))
                .until(() -> archive.resolve(first).toFile().exists());
    }
}
