package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on saved facts: exit codes, the three forms, and what is refused. */
final class DoctorCommandTest {
    private static final String FACTS = "src/test/resources/dev/understudy/doctor/facts/";

    @TempDir
    private Path temporary;

    @Test
    void aHealthyPairIsSaidToBeHealthyAndOnWhatThatRests() {
        Captured run = Captured.run("doctor", "--from", FACTS + "healthy@16.json");

        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("Healthy.\nIt rests on:\n  - standby: answers queries, in recovery");
    }

    @Test
    void aCauseIsSaidWithItsEvidenceItsWaysOutAndWhatWasNotExamined() {
        Captured run = Captured.run("doctor", "--from", FACTS + "hot-standby-off@16.json");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).startsWith("""
                        error: The standby replays and answers nobody: hot_standby is off.
                          hot-standby-off, standby
                          Evidence:
                          - """).endsWith("""
                          Ways out, the cheapest first:
                          1. Switch hot_standby on and restart the standby
                             by hand (switch-hot-standby-on); costs a restart of the standby; loses nothing
                               echo "hot_standby = on" >> /srv/primary/clones/clone/postgresql.auto.conf && pg_ctl -D /srv/primary/clones/clone restart

                        Not examined:
                          - free space of the primary: not among the facts
                          - whether tables end before the primary's rows: not among the facts
                          - standby through SQL: could not connect: the server does not accept connections yet at "127.0.0.1", port
                            40127
                          - primary: xmin horizon: not among the facts
                        Not given: --archive, --receiver
                        """);
    }

    @Test
    void jsonHasTheFieldsOfTheContract() throws IOException {
        Captured run = Captured.run("doctor", "--from", FACTS + "hot-standby-off@16.json", "--format", "json");

        assertThat(run.status()).isEqualTo(1);
        JsonNode tree = new ObjectMapper().readTree(run.out());
        assertThat(tree.get("healthy").booleanValue()).isFalse();
        JsonNode finding = tree.get("findings").get(0);
        assertThat(finding.get("id").textValue()).isEqualTo("hot-standby-off");
        assertThat(finding.get("severity").textValue()).isEqualTo("error");
        assertThat(finding.get("subject").textValue()).isEqualTo("standby");
        assertThat(finding.get("evidence").get(0).fieldNames()).toIterable().containsExactly("source", "detail");
        assertThat(finding.get("remedies").get(0).fieldNames())
                .toIterable()
                .containsExactly("id", "description", "command", "automatic", "losesData", "cost");
        assertThat(tree.get("notExamined").get(0).fieldNames()).toIterable().containsExactly("what", "why");
    }

    @Test
    void htmlIsAPageOfItsOwn() throws IOException {
        Path page = temporary.resolve("doctor.html");
        Captured run = Captured.run(
                "doctor", "--from", FACTS + "hot-standby-off@16.json", "--format", "html", "-o", page.toString());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(Files.readString(page))
                .contains("hot-standby-off")
                .doesNotContain("<script")
                .endsWith("</html>\n");
    }

    @Test
    void nothingGivenUnreadableFactsAndRepairsOfThemAreUsageErrors() throws IOException {
        assertThat(Captured.run("doctor").status()).isEqualTo(2);
        assertThat(Captured.run("doctor", "--from", temporary.resolve("absent").toString())
                        .status())
                .isEqualTo(2);
        Path broken = Files.writeString(temporary.resolve("broken"), "{\"version\": 1}");
        Captured run = Captured.run("doctor", "--from", broken.toString());
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("cannot read the facts in");
        assertThat(Captured.run("doctor", "--from", FACTS + "healthy@16.json", "--repair", "reseed")
                        .status())
                .isEqualTo(2);
    }

    @Test
    void aRemedyByHandIsNotRunAndItsCommandSaid() throws IOException {
        // Root looks at it as the servers' account.
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path receiver = Files.createDirectory(temporary.resolve("receiver"));
        Files.createFile(receiver.resolve("000000010000000000000007"));

        Captured run = Captured.run("doctor", "--receiver", receiver.toString(), "--repair", "set-segment-aside");

        assertThat(run.status()).as(run.err()).isEqualTo(3);
        assertThat(run.err())
                .startsWith(
                        "understudy: error: remedy \"set-segment-aside\" is to be carried out by hand\nDETAIL:  Rename")
                .endsWith("HINT:  mv -n %1$s/000000010000000000000007 %1$s/000000010000000000000007.foreign\n"
                        .formatted(receiver));
        assertThat(receiver.resolve("000000010000000000000007")).isEmptyFile();
    }
}
