package dev.understudy.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Outcome;
import dev.understudy.error.Category;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
    private static final Instant AT = Instant.parse("2026-11-20T07:51:00.5Z");
    private static final JournalEvent.RunStarted STARTED = new JournalEvent.RunStarted(
            AT,
            "r",
            "standby",
            Map.of("slot", "s"),
            List.of("primary"),
            "t",
            List.of("one"),
            Outcome.PROVEN,
            7,
            "h",
            "0",
            "d");
    private static final Failure FAILURE =
            new Failure("FILE_IO", "US-4009", Category.FAILED, "no", "because", List.of("Do this."));

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void prepare() {
        file = directory.resolve("journal.jsonl");
    }

    @Test
    void everyEventHasItsLine() {
        assertLine(
                STARTED,
                "{'event':'run-started','at':'2026-11-20T07:51:00.500Z','run':'r','playbook':'standby',"
                        + "'parameters':{'slot':'s'},'withheld':['primary'],'target':'t','steps':['one'],"
                        + "'goal':'proven','pid':7,'host':'h','version':'0',"
                        + "'playbookDigest':'d'}");
        assertLine(
                new JournalEvent.RunResumed(AT, 7, "h", "0"),
                "{'event':'run-resumed',AT,'pid':7,'host':'h','version':'0'}");
        assertLine(
                new JournalEvent.RunAborting(AT, 7, "h", "0"),
                "{'event':'run-aborting',AT,'pid':7,'host':'h','version':'0'}");
        assertLine(new JournalEvent.StepProbing(AT, "one", 2), "{'event':'step-probing',AT,'step':'one','attempt':2}");
        assertLine(
                new JournalEvent.StepProbed(AT, "one", "pending", "make it", List.of()),
                "{'event':'step-probed',AT,'step':'one','result':'pending','intent':'make it','evidence':[]}");
        assertLine(new JournalEvent.StepApplying(AT, "one"), "{'event':'step-applying',AT,'step':'one'}");
        assertLine(
                new JournalEvent.StepApplied(AT, "one", List.of(new Evidence("c", "s", AT))),
                "{'event':'step-applied',AT,'step':'one','evidence':[{'claim':'c','source':'s',AT}]}");
        assertLine(
                new JournalEvent.StepVerified(AT, "one", List.of()),
                "{'event':'step-verified',AT,'step':'one','evidence':[]}");
        assertLine(
                new JournalEvent.StepFailed(AT, "one", FAILURE),
                "{'event':'step-failed',AT,'step':'one','error':ERROR}");
        assertLine(
                new JournalEvent.FactRecorded(AT, "one", "n", "v"),
                "{'event':'fact',AT,'step':'one','name':'n','value':'v'}");
        assertLine(
                new JournalEvent.Published(AT, "one", "copy", Map.of("files", 3)),
                "{'event':'published',AT,'step':'one','part':'copy','content':{'files':3}}");
        assertLine(new JournalEvent.Warned(AT, "one", "m"), "{'event':'warning',AT,'step':'one','message':'m'}");
        assertLine(
                new JournalEvent.Waiting(AT, "one", "w", 60),
                "{'event':'waiting',AT,'step':'one','what':'w','leftSeconds':60.0}");
        assertLine(
                new JournalEvent.Retrying(AT, "one", 2, 3, 1.5, 60, FAILURE),
                "{'event':'retrying',AT,'step':'one','attempt':2,'of':3,'pauseSeconds':1.5,"
                        + "'leftSeconds':60.0,'error':ERROR}");
        assertLine(
                new JournalEvent.BracketRestarted(AT, "backup", List.of("one"), 2, 10, 1, 60, FAILURE),
                "{'event':'bracket-restarted',AT,'bracket':'backup','steps':['one'],'attempt':2,'of':10,"
                        + "'pauseSeconds':1.0,'leftSeconds':60.0,'error':ERROR}");
        assertLine(
                new JournalEvent.GuardFailed(AT, "g", "one", FAILURE),
                "{'event':'guard-failed',AT,'guard':'g','step':'one','error':ERROR}");
        assertLine(new JournalEvent.StepUndoing(AT, "one"), "{'event':'step-undoing',AT,'step':'one'}");
        assertLine(
                new JournalEvent.StepUndone(AT, "one", List.of()),
                "{'event':'step-undone',AT,'step':'one','evidence':[]}");
        assertLine(
                new JournalEvent.StepUndoFailed(AT, "one", FAILURE),
                "{'event':'step-undo-failed',AT,'step':'one','error':ERROR}");
        assertLine(new JournalEvent.Interrupted(AT, true), "{'event':'interrupted',AT,'resumable':true}");
        assertLine(
                new JournalEvent.RunFinished(AT, Outcome.LEFT, FAILURE, List.of(FAILURE)),
                "{'event':'run-finished',AT,'outcome':'left','error':ERROR,'left':[ERROR]}");
        assertLine(
                new JournalEvent.RunFinished(AT, Outcome.PROVEN, null, List.of()),
                "{'event':'run-finished',AT,'outcome':'proven','left':[]}");
    }

    private void assertLine(JournalEvent event, String expected) {
        String line = expected.replace("AT", "'at':'2026-11-20T07:51:00.500Z'")
                .replace(
                        "ERROR",
                        "{'code':'FILE_IO','number':'US-4009','category':'FAILED','message':'no','detail':'because',"
                                + "'hints':['Do this.']}")
                .replace('\'', '"');

        assertThat(JournalCodec.write(event)).isEqualTo(line);
        assertThatReadsBack(event);
    }

    private static void assertThatReadsBack(JournalEvent event) {
        try {
            assertThat(JournalCodec.read(JournalCodec.write(event))).isEqualTo(event);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsAppendedIsReadBack() throws IOException {
        write(STARTED, new JournalEvent.StepApplying(AT, "one"));

        assertThat(Journal.read(file)).containsExactly(STARTED, new JournalEvent.StepApplying(AT, "one"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aLastLineCutShortAnywhereIsIgnoredAndCutOff() throws IOException {
        write(STARTED);
        byte[] whole = Files.readAllBytes(file);
        byte[] next = (JournalCodec.write(new JournalEvent.StepApplying(AT, "one")) + "\n").getBytes("UTF-8");
        for (int length = 1; length < next.length; length++) {
            Files.write(file, whole);
            Files.write(file, java.util.Arrays.copyOf(next, length), StandardOpenOption.APPEND);

            assertThat(Journal.read(file)).containsExactly(STARTED);
            try (Journal journal = Journal.open(file)) {
                journal.append(new JournalEvent.StepUndoing(AT, "one"));
            }
            assertThat(Journal.read(file)).containsExactly(STARTED, new JournalEvent.StepUndoing(AT, "one"));
        }
    }

    @Test
    void aLastLineOfWhichTheDiskHasOnlyTheEndIsIgnored() throws IOException {
        write(STARTED);
        Files.write(file, new byte[] {0, 0, 0, '"', '}', '\n'}, StandardOpenOption.APPEND);

        assertThat(Journal.read(file)).containsExactly(STARTED);
    }

    @Test
    void aDamagedLineInTheMiddleIsNamed() throws IOException {
        write(STARTED, new JournalEvent.StepApplying(AT, "one"), new JournalEvent.StepApplying(AT, "two"));
        List<String> lines = Files.readAllLines(file);
        Files.write(file, List.of(lines.get(0), lines.get(1).substring(5), lines.get(2)));

        assertThatThrownBy(() -> Journal.read(file)).isInstanceOfSatisfying(UnderstudyException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.JOURNAL_DAMAGED);
            assertThat(error.message()).startsWith("journal \"" + file + "\" is damaged in line 2: ");
        });
    }

    @Test
    void anEventOfANewerVersionIsNamed() throws IOException {
        write(STARTED);
        Files.writeString(file, "{\"event\":\"new\",\"at\":\"2026-11-20T07:51:00Z\"}\n", StandardOpenOption.APPEND);

        assertThatThrownBy(() -> Journal.read(file)).hasMessageContaining("is damaged in line 2: ");
    }

    @Test
    void fieldsOfANewerVersionAreIgnored() throws IOException {
        Files.writeString(file, JournalCodec.write(STARTED).replace("{\"event\"", "{\"more\":1,\"event\"") + "\n");

        assertThat(Journal.read(file)).containsExactly(STARTED);
    }

    @Test
    void aJournalThatBeginsInTheMiddleIsDamaged() throws IOException {
        write(new JournalEvent.StepApplying(AT, "one"));

        assertThatThrownBy(() -> Journal.read(file))
                .hasMessage("journal \"" + file + "\" is damaged in line 1: the first event is not run-started");
    }

    private void write(JournalEvent... events) {
        try (Journal journal = Journal.create(file)) {
            List.of(events).forEach(journal::append);
        }
    }
}
