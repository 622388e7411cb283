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
import dev.understudy.testing.Account;
import dev.understudy.testing.RunFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The split record: a standby with an archive alone waits for the rest of a record. Where its two segments are decides what
 * helps; each place is taken in turn.
 */
final class SplitRecordIT {
    private static final String ID = "record-split-across-segments";
    private static final Duration LIMIT = Duration.ofSeconds(180);

    @TempDir
    private Path temporary;

    private SplitRecordPair pair;

    static Stream<ServerMajor> majors() {
        return PairStates.majors(ServerMajor.V9_6, ServerMajor.V17).stream();
    }

    @ParameterizedTest
    @MethodSource("majors")
    void aSwitchOfWalOnThePrimaryLetsReplayPassTheRecord(ServerMajor major) throws IOException {
        try (SplitRecordPair made = SplitRecordPair.make(major)) {
            pair = made;
            Facts facts = await("archive: present", "archive: gone, primary: present");
            Finding cause = requireCause(Doctor.examine(facts), ID);
            assertEvidence(cause)
                    .anySatisfy(line -> assertThat(line)
                            .containsPattern("WAL: the record at 0/\\w+ begins in " + pair.first()
                                    + " and continues in " + pair.current()))
                    .anySatisfy(line -> assertThat(line)
                            .startsWith(
                                    "this version: PostgreSQL " + major + " restores what it can, then streams from")
                            .contains(pair.current()));
            assertThat(cause.remedies())
                    .extracting(Remedy::id)
                    .containsExactly("switch-wal", "restore-streaming", "use-a-slot");
            SavedFacts.write(ID, major, facts, pair.primary(), pair.standby());

            withoutThePrimaryItAsksForIt();
            halfOfTheNextSegmentInTheArchiveIsNoHelp();
            withoutItsFirstSegmentInTheArchiveTheStandbysOwnIsRead();

            run(cause, "switch-wal", Outcome.DONE);
            DoctorFixture.requireHealthy(pair.doctor().examine());
        }
    }

    private void withoutThePrimaryItAsksForIt() {
        Finding cause = requireCause(
                DoctorFixture.of(pair.standby()).archive(pair.archive()).examine(), ID);
        assertEvidence(cause)
                .anySatisfy(line -> assertThat(line)
                        .isEqualTo(pair.current() + ": standby: gone, archive: gone, primary: not known"));
        assertThat(cause.remedies()).extracting(Remedy::id).containsExactly("give-the-primary", "use-a-slot");
    }

    private void halfOfTheNextSegmentInTheArchiveIsNoHelp() throws IOException {
        Path partial = pair.archive().resolve(pair.current() + ".partial");
        Files.copy(pair.walDirectory(pair.primary()).resolve(pair.current()), partial);
        Account.give(partial);
        Finding cause = requireCause(pair.doctor().examine(), ID);
        assertEvidence(cause).anySatisfy(line -> assertThat(line).endsWith("archive: partial, primary: present"));
        assertThat(cause.remedies()).extracting(Remedy::id).startsWith("switch-wal");
        Files.delete(partial);
    }

    private void withoutItsFirstSegmentInTheArchiveTheStandbysOwnIsRead() throws IOException {
        Path kept = pair.archive().resolve(pair.first());
        Path aside = pair.primary().scratch("aside").resolve(pair.first());
        Files.move(kept, aside);
        assertEvidence(requireCause(pair.doctor().examine(), ID))
                .anySatisfy(line ->
                        assertThat(line).startsWith(pair.first() + ": standby: present, archive: gone, primary: "));
        Files.move(aside, kept);
    }

    static Stream<ServerMajor> other() {
        return PairStates.majors(ServerMajor.V13).stream();
    }

    @ParameterizedTest
    @MethodSource("other")
    void withStreamingItPassesByItself(ServerMajor major) throws IOException {
        try (SplitRecordPair made = SplitRecordPair.make(major)) {
            pair = made;
            await("archive: present", "archive: gone, primary: present");
            pair.standby().stop();
            Copies.follow(pair.primary(), pair.standby().dataDirectory());
            pair.standby().start();

            Awaitility.await("healthy")
                    .atMost(LIMIT)
                    .untilAsserted(
                            () -> DoctorFixture.requireHealthy(pair.doctor().examine()));
        }
    }

    @ParameterizedTest
    @MethodSource("other")
    void whereTheNextSegmentIsNowhereOnlyANewSeedHelps(ServerMajor major) throws IOException {
        try (SplitRecordPair made = SplitRecordPair.make(major)) {
            pair = made;
            await("archive: present", "archive: gone, primary: present");
            String next = pair.current();
            pair.primary().execute("ALTER SYSTEM SET archive_command = 'true'");
            pair.primary().reload();
            Awaitility.await("the setting")
                    .until(() -> "true".equals(pair.primary().query("SHOW archive_command")));
            Awaitility.await("the primary to have removed it").atMost(LIMIT).until(() -> {
                pair.primary().execute("INSERT INTO t VALUES (2)");
                pair.switchWal();
                pair.primary().execute("CHECKPOINT");
                return !Files.exists(pair.walDirectory(pair.primary()).resolve(next));
            });

            Finding cause = requireCause(pair.doctor().examine(), ID);
            assertThat(cause.summary()).endsWith(", which is in " + next + ", and that is nowhere");
            assertEvidence(cause)
                    .anySatisfy(
                            line -> assertThat(line).isEqualTo(next + ": standby: gone, archive: gone, primary: gone"));
            assertThat(cause.remedies()).extracting(Remedy::id).containsExactly("use-a-slot", "reseed");
            whereTheFirstSegmentIsGoneToo();

            run(cause, "reseed", Outcome.PROVEN);
        }
    }

    /** Then nobody can tell any more where a record ends; that a segment is missing is what is left to say. */
    private void whereTheFirstSegmentIsGoneToo() throws IOException {
        pair.standby().stop();
        Files.delete(pair.archive().resolve(pair.first()));
        Files.delete(pair.walDirectory(pair.standby()).resolve(pair.first()));
        pair.standby().startWithoutWaiting();
        Awaitility.await("the first segment to be missed")
                .atMost(LIMIT)
                .untilAsserted(() -> assertEvidence(requireCause(pair.doctor().examine(), "wal-segment-removed"))
                        .anySatisfy(line -> assertThat(line)
                                .isEqualTo("title of the standby's startup process: waiting for " + pair.first())));
    }

    /** Waits until the standby has come to the record, and the two segments are in these places. */
    private Facts await(String first, String next) {
        Facts[] seen = new Facts[1];
        Awaitility.await("the standby to come to the record").atMost(LIMIT).untilAsserted(() -> {
            seen[0] = pair.doctor().facts();
            assertEvidence(requireCause(Doctor.examine(seen[0]), ID))
                    .anySatisfy(line ->
                            assertThat(line).startsWith(pair.first() + ": ").contains(first))
                    .anySatisfy(line ->
                            assertThat(line).startsWith(pair.current() + ": ").contains(next));
        });
        return seen[0];
    }

    private void run(Finding cause, String id, Outcome outcome) {
        Remedy remedy = cause.remedies().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
        Map<String, String> parameters = new HashMap<>(remedy.parameters());
        parameters.put("primary", pair.primary().conninfo());
        if (id.equals("reseed")) {
            parameters.put("bin_directory", pair.primary().binDirectory().toString());
            parameters.put("port", Integer.toString(pair.standby().port()));
            parameters.put("socket_directory", pair.standby().socketDirectory().toString());
        }
        RunFixture runs = new RunFixture(temporary.resolve("state"));
        RunState run = runs.run(remedy.playbook(), parameters);
        assertThat(run.outcome()).as(runs.said()).isEqualTo(outcome);
    }
}
