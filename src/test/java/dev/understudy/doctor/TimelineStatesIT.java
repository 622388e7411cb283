package dev.understudy.doctor;

import static dev.understudy.doctor.DoctorFixture.assertEvidence;
import static dev.understudy.doctor.DoctorFixture.requireCause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedBinaries;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.RunFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two servers that change their roles: what becomes of the one that is left behind, and of one that is ahead. */
final class TimelineStatesIT {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    @TempDir
    private Path temporary;

    private ServerMajor major;
    private EmbeddedPostgres first;
    private EmbeddedPostgres second;

    static Stream<ServerMajor> majors() {
        return PairStates.majors(ServerMajor.V16).stream();
    }

    @ParameterizedTest
    @MethodSource("majors")
    void serversThatChangeTheirRoles(ServerMajor version) throws Exception {
        major = version;
        try (BrokenPair pair = BrokenPair.start(major, Map.of("wal_log_hints", "on"))) {
            first = pair.primary();
            second = pair.standby();

            pair.awaitReplay();
            first.crash();
            promote(second);
            aCrashedPrimaryThatFollowsItsSuccessorIsHealthy();

            promote(first);
            second.execute("INSERT INTO t VALUES (5)", "CHECKPOINT");
            first.execute("INSERT INTO t VALUES (6)");
            second.stop();
            oneThatWentOnPastTheForkHasDiverged();
            startedAnewItIsNoChildOfItsTimeline();
            aTimelineThatDoesNotExistHasNoHistory();
            theRemedySeedsItAnew();

            aPrimaryThatWasPutBackIsBehindItsStandby();
        }
    }

    private void aCrashedPrimaryThatFollowsItsSuccessorIsHealthy() {
        Copies.follow(second, first.dataDirectory());
        first.start();
        awaitStreaming(second);

        assertThat(first.log()).contains("database system was not properly shut down; automatic recovery in progress");
        DoctorFixture.requireHealthy(DoctorFixture.of(first).primary(second).examine());
    }

    private void oneThatWentOnPastTheForkHasDiverged() {
        Copies.follow(first, second.dataDirectory());
        second.startWithoutWaiting();
        Finding cause = await(
                "timeline-diverged",
                found -> assertEvidence(found)
                        .anySatisfy(line -> assertThat(line)
                                .containsPattern(
                                        "new timeline 3 forked off current database system timeline 2 before current"
                                                + " recovery point 0/\\w+"))
                        .anySatisfy(line -> assertThat(line)
                                .containsPattern("pg_control: minimum recovery ending location 0/\\w+ on timeline 2"))
                        .anySatisfy(line -> assertThat(line).containsPattern("primary: timeline 3, WAL ends at 0/\\w+"))
                        .contains("pg_rewind: possible: wal_log_hints or page checksums are on"));
        assertThat(cause.remedies())
                .extracting(Remedy::id, Remedy::losesData)
                .containsExactly(tuple("pg-rewind", true), tuple("reseed", true));
    }

    private void startedAnewItIsNoChildOfItsTimeline() {
        second.stop();
        startInVain();
        Finding cause = await(
                "timeline-not-a-child",
                found -> assertEvidence(found)
                        .anySatisfy(line -> assertThat(line)
                                .contains("requested timeline 3 is not a child of this server's history")));
        assertThat(cause.remedies())
                .extracting(Remedy::id)
                .contains("pg-rewind", "reseed")
                .doesNotContain("follow-latest");
    }

    private void aTimelineThatDoesNotExistHasNoHistory() throws IOException {
        boolean own = !major.isAtLeast(ServerMajor.V12);
        Path file = second.dataDirectory().resolve(own ? "recovery.conf" : "postgresql.auto.conf");
        String sound = Files.readString(file);
        Files.writeString(file, sound + "recovery_target_timeline = '9'\n");
        startInVain();
        Finding cause = await(
                "timeline-history-missing",
                found -> assertEvidence(found)
                        .anySatisfy(line -> assertThat(line).contains("recovery target timeline 9 does not exist")));
        assertThat(cause.summary()).isEqualTo("History file 00000009.history, which the standby needs, is not found");
        Files.writeString(file, sound);
        startInVain();
    }

    private void theRemedySeedsItAnew() {
        await("timeline-not-a-child", found -> {});
        reseed(second, first);
        DoctorFixture.requireHealthy(examine());
    }

    private void aPrimaryThatWasPutBackIsBehindItsStandby() throws IOException {
        second.stop();
        first.stop();
        Path old = Copies.copy(first, first.scratch("old").resolve("data"));
        first.start();
        second.start();
        awaitStreaming(first);
        for (int i = 0; i < 3; i++) {
            first.execute(
                    "INSERT INTO t VALUES (7)",
                    major.isAtLeast(ServerMajor.V10) ? "SELECT pg_switch_wal()" : "SELECT pg_switch_xlog()");
        }
        Awaitility.await("the rows")
                .atMost(LIMIT)
                .until(() -> second.query("SELECT count(*) FROM t WHERE a = 7").equals("3"));
        second.stop();
        first.stop();
        EmbeddedBinaries.deleteTree(first.dataDirectory());
        Files.move(old, first.dataDirectory());
        first.start();
        // The copy is without slots, whose absence would be a cause of its own.
        first.execute("SELECT pg_create_physical_replication_slot('understudy', true)");
        second.start();

        Finding cause = await(
                "standby-ahead-of-primary",
                found -> assertEvidence(found)
                        .anySatisfy(
                                line -> assertThat(line)
                                        .containsPattern(
                                                "requested starting point 0/\\w+ (?:on timeline 3 )?is ahead of the WAL flush position"))
                        .anySatisfy(line -> assertThat(line).containsPattern("standby: has replayed to 0/\\w+"))
                        .anySatisfy(line -> assertThat(line).containsPattern("primary: its WAL ends at 0/\\w+")));
        assertThat(cause.remedies()).extracting(Remedy::id).containsExactly("find-the-real-primary", "reseed");
        reseed(second, first);
        DoctorFixture.requireHealthy(examine());
    }

    private Diagnosis examine() {
        return DoctorFixture.of(second).primary(first).examine();
    }

    private Finding await(String id, Consumer<Finding> also) {
        Finding[] found = new Finding[1];
        Awaitility.await(id).atMost(LIMIT).pollDelay(Duration.ZERO).untilAsserted(() -> {
            found[0] = requireCause(examine(), id);
            also.accept(found[0]);
        });
        return found[0];
    }

    private void reseed(EmbeddedPostgres standby, EmbeddedPostgres primary) {
        Finding cause =
                DoctorFixture.of(standby).primary(primary).examine().causes().get(0);
        Remedy remedy = cause.remedies().stream()
                .filter(each -> each.id().equals("reseed"))
                .findFirst()
                .orElseThrow();
        Map<String, String> parameters = new HashMap<>(remedy.parameters());
        parameters.put("primary", primary.conninfo());
        parameters.put("bin_directory", primary.binDirectory().toString());
        parameters.put("port", Integer.toString(standby.port()));
        parameters.put("socket_directory", standby.socketDirectory().toString());
        new RunFixture(temporary.resolve("state")).prove(remedy.playbook(), parameters);
        // Started by the run, it logs elsewhere.
        standby.restart();
        awaitStreaming(primary);
    }

    private void startInVain() {
        try {
            second.startWithoutWaiting();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("pg_ctl start failed");
        }
        Awaitility.await("the standby to give up").atMost(LIMIT).until(() -> !second.isRunning());
    }

    private static void promote(EmbeddedPostgres standby) {
        Path program = standby.binDirectory().resolve("pg_ctl");
        Account.run(
                Account.asServer(List.of(
                        program.toString(),
                        "promote",
                        "-D",
                        standby.dataDirectory().toString())),
                Map.of());
        Awaitility.await("promotion")
                .atMost(LIMIT)
                .until(() -> "f".equals(standby.query("SELECT pg_is_in_recovery()")));
    }

    private static void awaitStreaming(EmbeddedPostgres primary) {
        Awaitility.await("streaming")
                .atMost(LIMIT)
                .until(() -> "1"
                        .equals(primary.query("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")));
    }
}
