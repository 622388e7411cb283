package dev.understudy.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.run.EngineListener;
import dev.understudy.host.open.Hosts;
import dev.understudy.host.ssh.SshOptions;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.EngineRuns;
import dev.understudy.testing.Ledger;
import dev.understudy.testing.LeftBehind;
import dev.understudy.testing.SshServer;
import dev.understudy.testing.TreeDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills a run, and all of its process group, at a random moment of a random journal position, on the routes in turn, the
 * seed's first, while the primary is written to; then it is resumed or aborted. {@code -Dunderstudy.kill.rounds} says
 * how often, {@code -Dunderstudy.kill.seed} repeats what a failed round named.
 */
final class RandomKillIT {
    private static final ServerMajor MAJOR = ServerMajor.V15;
    private static final int ROUNDS = Integer.getInteger("understudy.kill.rounds", 4);
    private static final long SEED = Long.getLong("understudy.kill.seed", System.currentTimeMillis());
    private static final List<String> ROUTES =
            List.of("local", "ssh", "sql", "relay", "stream", "archive", "basebackup", "reseed");

    /** A run writes fewer lines; a kill beyond them finds it ended. */
    private static final int LINES = 60;

    /** What the writers change between a look at both sides and the copy. */
    private static final long SLACK_BYTES = 12L << 20;

    private static EmbeddedPostgres primary;
    private static SshServer sshd;
    private static Ledger ledger;
    private static Path work;
    private static Path target;
    private static Path archive;
    private static Path template;
    private static String tablespace;

    @TempDir
    private static Path temporary;

    @BeforeAll
    static void startPrimary() throws IOException {
        sshd = SshServer.start(temporary.resolve("sshd"));
        primary = EmbeddedPostgres.of(MAJOR)
                .withChecksums()
                .withSetting("archive_mode", "on")
                .withSetting("archive_command", "false")
                .start();
        archive = primary.scratch("archive");
        primary.configure("archive_command = 'cp %p " + archive + "/%f'").reload();
        tablespace = primary.scratch("tablespace").toString();
        work = primary.scratch("work");
        target = work.resolve("standby");
        ledger = Ledger.create(primary.jdbcUrl(), tablespace).start();
        primary.execute(
                "CREATE TABLE archived AS SELECT n, repeat(md5(n::text), 20) AS body FROM generate_series(1, 40000) n",
                "VACUUM FREEZE archived",
                "SELECT pg_switch_wal()");
    }

    @AfterAll
    static void stopAll() {
        if (ledger != null) {
            ledger.close();
        }
        if (primary != null) {
            primary.close();
        }
        if (sshd != null) {
            sshd.close();
        }
    }

    private record Round(int number, String route, int lines, long furtherMillis, boolean resume) {
        @Override
        public String toString() {
            return "%d: %s, killed %d ms after journal line %d, then %s (seed %d)"
                    .formatted(number, route, furtherMillis, lines, resume ? "resumed" : "aborted", SEED);
        }
    }

    static Stream<Round> rounds() {
        Random random = new Random(SEED);
        return IntStream.rangeClosed(1, ROUNDS)
                .mapToObj(number -> new Round(
                        number,
                        ROUTES.get((int) Math.floorMod(SEED + number, (long) ROUTES.size())),
                        1 + random.nextInt(LINES),
                        random.nextInt(4) == 0 ? 0 : random.nextInt(300),
                        random.nextBoolean()));
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void aRunThatIsKilledAnywhereIsFinishedByResumeAndClearedAwayByAbort(Round round) throws Exception {
        Path state = temporary.resolve("state-" + round.number());
        if (round.route().equals("reseed")) {
            makeOldStandby();
        }
        Map<String, String> before = TreeDigest.of(work);
        kill(round, state);
        EngineRuns runs = new EngineRuns(state, name -> Hosts.open(name, sshd.options()));
        var listed = runs.runs().list();
        if (listed.isEmpty()) {
            assertThat(TreeDigest.of(work)).isEqualTo(before);
        } else if (runs.runs().state(listed.get(0).run()).isFinished()) {
            RunState ended = runs.runs().state(listed.get(0).run());
            assertThat(ended.outcome()).as("%s: %s", round, ended.error()).isEqualTo(Outcome.PROVEN);
        } else {
            assertThat(listed.get(0).outcome()).isEqualTo(Outcome.INTERRUPTED);
            String run = listed.get(0).run();
            if (round.resume()) {
                resume(runs, run, round);
            } else {
                abort(runs, run, before);
            }
        }
        ledger.requireRunning();
    }

    private static void kill(Round round, Path state) throws Exception {
        Path output = temporary.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(
                        KilledProcess.command(state, KilledRoute.playbook(round.route()), 0, parameters(round.route())))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put(SshOptions.CONFIG_VARIABLE, sshd.config().toString());
        builder.environment().put("HOME", temporary.toString());
        Process process = builder.start();
        try {
            Awaitility.await("line " + round.lines())
                    .atMost(180, TimeUnit.SECONDS)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> !process.isAlive() || lines(state) >= round.lines());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(round.furtherMillis()));
        } finally {
            new ProcessBuilder("kill", "-KILL", "--", "-" + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
        process.waitFor();
        assertThat(process.exitValue()).as(Files.readString(output)).isIn(0, 137);
        Awaitility.await("the end of the killed process's sessions")
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> "0"
                        .equals(primary.query("SELECT count(*) FROM pg_stat_activity"
                                + " WHERE application_name = 'understudy' AND backend_type = 'client backend'")));
    }

    private static long lines(Path state) {
        try (Stream<Path> files = Files.walk(state)) {
            return files.filter(file -> file.endsWith("journal.jsonl"))
                    .mapToLong(RandomKillIT::linesOf)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    private static long linesOf(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> parameters(String route) {
        Map<String, String> parameters = new KilledRoute(primary, sshd, target, archive).parameters(route);
        parameters.put("rate_limit", "40MB");
        parameters.put("tablespaces", tablespace + "=" + target + ".archive");
        return parameters;
    }

    /** A stopped standby that is behind; the same one in every round. */
    private static void makeOldStandby() throws Exception {
        if (template == null) {
            EngineRuns runs = new EngineRuns(temporary.resolve("state-old"), Hosts::open);
            RunState run = runs.run("standby", parameters("local"), EngineListener.NONE);
            assertThat(run.outcome()).as("%s", run.error()).isEqualTo(Outcome.PROVEN);
            BuiltStandby.of(run, MAJOR, target).stop();
            dropSlots();
            template = primary.scratch("template");
            copy(work, template);
            return;
        }
        copy(template, work);
    }

    private static void copy(Path from, Path to) {
        Account.run(List.of("cp", "-a", "--", from + "/.", to.toString()), Map.of());
    }

    private static void resume(EngineRuns runs, String run, Round round) throws IOException {
        Path source = primary.dataDirectory();
        long expected = MissingBytes.of(source, source.resolve("base"), target);
        MissingBytes copies = new MissingBytes();
        RunState end = runs.resume(run, Map.of(), copies.listener());
        assertThat(end.outcome()).as("%s: %s", round, end.error()).isEqualTo(Outcome.PROVEN);
        if (KilledRoute.comparesWithWhatIsThere(round.route())) {
            copies.sent()
                    .forEach(bytes -> assertThat(bytes)
                            .as("bytes transferred after the resume; %d were missing or differed", expected)
                            .isLessThanOrEqualTo(expected + SLACK_BYTES));
        }
        try (BuiltStandby standby = BuiltStandby.of(end, MAJOR, target)) {
            Ledger.read(standby.jdbcUrl(), MAJOR).requireRight();
        }
    }

    private static void abort(EngineRuns runs, String run, Map<String, String> before) {
        RunState end = runs.abort(run);
        if (end.outcome() == Outcome.LEFT) {
            // Once its server has begun recovery there is no way back with keep_old: changed, and that is said.
            assertThat(end.facts().isTrue("server_started"))
                    .as("%s", end.left())
                    .isTrue();
            assertThat(end.left())
                    .singleElement()
                    .satisfies(left -> assertThat(left.detail()).contains("server has worked on it since"));
            return;
        }
        assertThat(end.outcome()).as("%s", end.left()).isEqualTo(Outcome.UNDONE);
        assertThat(TreeDigest.of(work)).isEqualTo(before);
        Awaitility.await("the end of a pg_basebackup that copied on")
                .until(() -> "0"
                        .equals(primary.query("SELECT count(*) FROM pg_stat_activity"
                                + " WHERE application_name = 'pg_basebackup'")));
        LeftBehind.nothingOn(primary);
    }

    /** Whatever the round left in order: a proven standby. */
    @AfterEach
    void clear() {
        BuiltStandby.at(MAJOR, target, 0).close();
        Account.run(List.of("find", work.toString(), "-mindepth", "1", "-delete"), Map.of());
        dropSlots();
    }

    private static void dropSlots() {
        Awaitility.await("the slots to be free")
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> "0".equals(primary.query("SELECT count(*) FROM pg_replication_slots WHERE active")));
        primary.query("SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots");
    }
}
