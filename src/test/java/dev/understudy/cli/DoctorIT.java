package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.doctor.BackupLeftOpen;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Understudy;
import dev.understudy.testing.Understudy.Ended;
import dev.understudy.testing.Understudy.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code understudy doctor} as a person at a terminal uses it on a standby that streams and never opens. */
final class DoctorIT {
    private static final String SECRET = "geheim-4711";

    @TempDir
    private Path home;

    private BackupLeftOpen broken;
    private Understudy understudy;

    @Test
    void aDiagnosisIsCarriedElsewhereWatchedAndItsRemedyAskedForAndRun() throws Exception {
        understudy = new Understudy(home);
        try (BackupLeftOpen made = BackupLeftOpen.make(
                ServerMajor.V14, SECRET, "restore_command = 'fetch --token=" + SECRET + " %f %p || false'")) {
            broken = made;
            theFactsHoldNoSecretAndGiveTheSameDiagnosisElsewhere();
            theDiagnosisIsWrittenAsAPage();
            aRemedyThatNothingOffersIsRefusedWithThoseThatAre();
            anyAnswerButYesChangesNothing("no\n");
            anyAnswerButYesChangesNothing("");
            theRemedyIsRunAndTheWatchEndsWhenAllIsHealthy();
        }
    }

    private List<String> doctor(String... more) {
        List<String> words = new ArrayList<>(List.of(
                "doctor",
                "-D",
                broken.standby().dataDirectory().toString(),
                "--log",
                broken.standby().logFile().toString(),
                "--standby",
                broken.standby().conninfo() + " password=" + SECRET,
                "--primary",
                broken.primary().conninfo() + " password=" + SECRET));
        words.addAll(List.of(more));
        return words;
    }

    private void theFactsHoldNoSecretAndGiveTheSameDiagnosisElsewhere() throws IOException {
        Path facts = home.resolve("facts.json");

        Ended here = understudy.run(doctor("--collect", facts.toString(), "--format", "json"));

        assertThat(here.status()).as(here.said()).isEqualTo(1);
        assertThat(here.said()).doesNotContain(SECRET);
        assertThat(Files.readString(facts))
                .doesNotContain(SECRET)
                .contains("password=********")
                .contains("fetch --token=******** %f %p");
        Ended elsewhere = understudy.run("doctor", "--from", facts.toString(), "--format", "json");
        assertThat(elsewhere.status()).isEqualTo(1);
        assertThat(elsewhere.out()).isEqualTo(here.out()).contains("\"backup-never-stopped\"");
        assertThat(elsewhere.err()).isEmpty();
    }

    private void theDiagnosisIsWrittenAsAPage() throws IOException {
        Path page = home.resolve("doctor.html");

        Ended ended = understudy.run(doctor("--format", "html", "-o", page.toString()));

        assertThat(ended.status()).as(ended.said()).isEqualTo(1);
        assertThat(Files.readString(page))
                .contains("backup-never-stopped", "--repair stop-exclusive-backup")
                .doesNotContain(SECRET);
    }

    private void aRemedyThatNothingOffersIsRefusedWithThoseThatAre() {
        Ended unknown = understudy.run(doctor("--repair", "reseed", "--yes"));
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err())
                .isEqualTo("understudy: error: no finding offers the remedy \"reseed\"\n"
                        + "HINT:  Those that can be run are: stop-exclusive-backup.\n");
        assertThat(broken.isOpen()).isTrue();
    }

    private void anyAnswerButYesChangesNothing(String typed) {
        Ended ended = understudy.answering(typed, doctor("--repair", "stop-exclusive-backup"));

        assertThat(ended.status()).as(ended.said()).isEqualTo(3);
        assertThat(ended.out()).contains("error: The standby waits for the end of the backup that started at ");
        assertThat(ended.said())
                .contains("stop-exclusive-backup")
                .contains("await-consistency")
                .contains("prove-consistency")
                .contains("Do this? Type \"yes\" to go on:")
                .endsWith("Nothing was changed.\n")
                .doesNotContain(SECRET);
        assertThat(broken.isOpen()).isTrue();
        assertThat(understudy.state().resolve("runs")).doesNotExist();
    }

    private void theRemedyIsRunAndTheWatchEndsWhenAllIsHealthy() throws IOException {
        Running watch = understudy.start(doctor("--watch", "--format", "json"));
        Awaitility.await("the watch's first look")
                .atMost(Duration.ofSeconds(60))
                .until(() -> watch.said().contains("\"healthy\":false"));

        Ended repaired = understudy.answering("yes\n", doctor("--repair", "stop-exclusive-backup"));

        assertThat(repaired.status()).as(repaired.said()).isZero();
        assertThat(broken.isOpen()).isFalse();
        assertThat(broken.standby().query("SELECT pg_is_in_recovery()")).isEqualTo("t");
        Ended watched = watch.end();
        assertThat(watched.status()).as(watched.said()).isZero();
        List<String> looks = watched.out().lines().toList();
        assertThat(looks).hasSizeGreaterThan(1);
        assertThat(look(looks.get(0)).path("findings").get(0).path("id").asText())
                .isEqualTo("backup-never-stopped");
        assertThat(look(looks.get(looks.size() - 1)).path("healthy").asBoolean())
                .isTrue();
    }

    private static JsonNode look(String line) throws IOException {
        return new ObjectMapper().readTree(line);
    }
}
