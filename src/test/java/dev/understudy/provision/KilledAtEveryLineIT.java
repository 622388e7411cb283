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
import dev.understudy.testing.SshServer;
import dev.understudy.testing.TreeDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
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
 * kill -9 of a run and of its process group after a line of its journal, on every route; then it is resumed after one line
 * and aborted after the next. CI takes a few lines; {@code -Dunderstudy.kill.lines=all} takes every line of every route, or
 * of those that {@code -Dunderstudy.kill.routes=ssh,sql} names, from {@code -Dunderstudy.kill.from} on. The primary is at rest, so that what is missing after the
 * kill is known to the byte.
 */
final class KilledAtEveryLineIT {
    private static final ServerMajor MAJOR = ServerMajor.V15;
    private static final long SEED = Long.getLong("understudy.kill.seed", System.currentTimeMillis());
    private static final int FEW = 2;
    private static final List<String> ALL_ROUTES = List.of(
            "local",
            "ssh",
            "sql",
            "relay",
            "stream",
            "archive",
            "basebackup",
            "replication",
            "standby",
            "reseed",
            "clone");
    private static final List<String> ROUTES = Arrays.stream(
                    System.getProperty("understudy.kill.routes", String.join(",", ALL_ROUTES))
                            .split(","))
            .toList();

    /** The first line is written together with the run's directory; the second is the first that a kill can follow. */
    private static final int FIRST_LINE = 2;

    /** Where all lines begin, for going on with them. */
    private static final int FROM = Integer.getInteger("understudy.kill.from", FIRST_LINE);

    /** As many as most runs write; a kill beyond the last finds the run ended. */
    private static final int LINES = 80;

    /** What a second checkpoint and the canary of a proof may change on a primary at rest, in such stretches. */
    private static final long SLACK_BYTES = 3L << 20;

    /** The run's own sessions; not the started standby's, which bears the name as well. */
    private static final String OURS = "application_name = 'understudy' AND backend_type = 'client backend'";

    /** Routes of which a run came to its end before it could be killed: they have no further lines. */
    private static final Set<String> ENDED = ConcurrentHashMap.newKeySet();

    private static EmbeddedPostgres primary;
    private static BuiltStandby middle;
    private static SshServer sshd;
    private static Path work;
    private static Path target;
    private static Path archive;
    private static Path template;

    @TempDir
    private static Path temporary;

    private record Round(String route, int line) {
        boolean isResumed() {
            return (line + ROUTES.indexOf(route)) % 2 == 0;
        }

        @Override
        public String toString() {
            return "%s, killed after journal line %d, then %s"
                    .formatted(route, line, isResumed() ? "resumed" : "aborted");
        }
    }

    @BeforeAll
    static void startPrimary() throws IOException {
        sshd = SshServer.start(temporary.resolve("sshd"));
        primary = EmbeddedPostgres.of(MAJOR)
                .withChecksums()
                .withSetting("autovacuum", "off")
                .withSetting("archive_mode", "on")
                .withSetting("archive_command", "false")
                .start();
        archive = primary.scratch("archive");
        primary.configure("archive_command = 'cp %p " + archive + "/%f'").reload();
        work = primary.scratch("work");
        target = work.resolve("standby");
        primary.execute(
                "CREATE ROLE replicator LOGIN REPLICATION",
                "CREATE TABLE documents AS SELECT n, repeat(md5(n::text), 20) AS body FROM generate_series(1, 40000) n",
                "VACUUM FREEZE documents",
                "SELECT pg_switch_wal()",
                "CHECKPOINT");
        if (needed().contains("standby")) {
            middle = built("middle", primary.scratch("middle").resolve("standby"));
        }
        if (needed().contains("reseed")) {
            Path old = work.resolve("standby");
            built("old", old).stop();
            template = primary.scratch("template");
            copy(work, template);
            Account.run(List.of("find", work.toString(), "-mindepth", "1", "-delete"), Map.of());
            primary.query("SELECT pg_drop_replication_slot('old')");
        }
    }

    private static BuiltStandby built(String slot, Path directory) {
        Map<String, String> parameters = parameters("local");
        parameters.put("data_directory", directory.toString());
        parameters.put("slot", slot);
        RunState run = new EngineRuns(temporary.resolve("state-" + slot), Hosts::open)
                .run("standby", parameters, EngineListener.NONE);
        assertThat(run.outcome()).as("%s", run.error()).isEqualTo(Outcome.PROVEN);
        return BuiltStandby.of(run, MAJOR, directory);
    }

    private static void copy(Path from, Path to) {
        Account.run(List.of("cp", "-a", "--", from + "/.", to.toString()), Map.of());
    }

    @AfterAll
    static void stopAll() {
        if (middle != null) {
            middle.close();
        }
        if (primary != null) {
            primary.close();
        }
        if (sshd != null) {
            sshd.close();
        }
    }

    private static boolean takesAll() {
        return System.getProperty("understudy.kill.lines", "").equals("all");
    }

    /** Routes that some round takes. */
    private static List<String> needed() {
        return takesAll() ? ROUTES : rounds().map(Round::route).toList();
    }

    static Stream<Round> rounds() {
        if (takesAll()) {
            // Lazily: how many lines a route has is known once one of its runs was not killed any more.
            return ROUTES.stream()
                    .flatMap(route -> IntStream.iterate(FROM, line -> line + 1)
                            .takeWhile(line -> !ENDED.contains(route))
                            .mapToObj(line -> new Round(route, line)));
        }
        Random random = new Random(SEED);
        return IntStream.range(0, FEW)
                .mapToObj(i -> new Round(
                        ROUTES.get(random.nextInt(ROUTES.size())), FIRST_LINE + random.nextInt(LINES - FIRST_LINE)));
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void aRunThatIsKilledIsFinishedByResumeAndClearedAwayByAbort(Round round) throws Exception {
        String route = round.route();
        if (route.equals("reseed")) {
            copy(template, work);
        }
        Map<String, String> before = TreeDigest.of(work);
        Path state = temporary.resolve("state-" + route + "-" + round.line());
        boolean killed = kill(round, state);
        EngineRuns runs = new EngineRuns(state, name -> Hosts.open(name, sshd.options()));
        var listed = runs.runs().list().get(0);
        if (!killed) {
            ENDED.add(route);
        }
        if (!killed || runs.runs().state(listed.run()).isFinished()) {
            RunState ended = runs.runs().state(listed.run());
            assertThat(ended.outcome()).as("%s", ended.error()).isEqualTo(Outcome.PROVEN);
            return;
        }
        assertThat(listed.outcome()).isEqualTo(Outcome.INTERRUPTED);
        if (round.isResumed()) {
            resume(runs, listed.run(), route);
        } else {
            abort(runs, listed.run(), before, route);
        }
    }

    /** False if it came to its end before. */
    private static boolean kill(Round round, Path state) throws Exception {
        Path output = temporary.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(KilledProcess.command(
                        state, KilledRoute.playbook(round.route()), round.line(), parameters(round.route())))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put(SshOptions.CONFIG_VARIABLE, sshd.config().toString());
        builder.environment().put("HOME", temporary.toString());
        int status = builder.start().waitFor();
        assertThat(status).as(Files.readString(output)).isIn(0, 137);
        if (status == 137) {
            // A pg_basebackup, a session of its own, copies on: the next attempt, or the abort, has to end it.
            awaitEndOfSessions(OURS);
        }
        return status == 137;
    }

    private static void awaitEndOfSessions(String condition) {
        Awaitility.await("the end of the killed process's sessions")
                .until(() -> "0".equals(source("SELECT count(*) FROM pg_stat_activity WHERE " + condition)));
    }

    /** Asked of the primary, and of the standby that is a source. */
    private static String source(String query) {
        String here = primary.query(query);
        return middle == null ? here : "0".equals(here) ? middle.query(query) : here;
    }

    private static Map<String, String> parameters(String route) {
        Map<String, String> parameters = new KilledRoute(primary, sshd, target, archive).parameters(route);
        if (route.equals("standby")) {
            parameters.put("primary", "host=127.0.0.1 user=postgres dbname=postgres port=" + middle.port());
        }
        return parameters;
    }

    private static void resume(EngineRuns runs, String run, String route) throws IOException {
        long expected = MissingBytes.of(primary.dataDirectory(), primary.dataDirectory(), target);
        MissingBytes copies = new MissingBytes();
        RunState end = runs.resume(run, Map.of(), copies.listener());
        assertThat(end.outcome()).as("%s", end.error()).isEqualTo(Outcome.PROVEN);
        if (KilledRoute.comparesWithWhatIsThere(route)) {
            copies.sent()
                    .forEach(bytes -> assertThat(bytes)
                            .as("bytes transferred after the resume; %d were missing or differed", expected)
                            .isLessThanOrEqualTo(expected + SLACK_BYTES));
        }
        try (BuiltStandby standby = BuiltStandby.of(end, MAJOR, target)) {
            assertThat(standby.query("SELECT count(*) FROM documents WHERE body = repeat(md5(n::text), 20)"))
                    .isEqualTo("40000");
        }
    }

    private static void abort(EngineRuns runs, String run, Map<String, String> before, String route) {
        RunState end = runs.abort(run);
        if (end.outcome() == Outcome.LEFT) {
            // Once its server has begun recovery there is no way back with keep_old: changed, and that is said.
            assertThat(route).as("%s", end.left()).isEqualTo("reseed");
            assertThat(end.facts().isTrue("server_started")).isTrue();
            assertThat(end.left())
                    .singleElement()
                    .satisfies(left -> assertThat(left.detail()).contains("server has worked on it since"));
            return;
        }
        assertThat(end.outcome()).as("%s", end.left()).isEqualTo(Outcome.UNDONE);
        assertThat(TreeDigest.of(work)).isEqualTo(before);
        if (route.equals("standby")) {
            assertThat(middle.query("SELECT count(*) FROM pg_replication_slots"))
                    .isEqualTo("0");
        } else {
            assertThat(primary.query("SELECT count(*) FROM pg_replication_slots WHERE slot_name <> 'middle'"))
                    .isEqualTo("0");
        }
        awaitEndOfSessions(OURS + " OR application_name = 'pg_basebackup'");
    }

    /** Whatever the round left in order: a proven standby. */
    @AfterEach
    void clear() {
        BuiltStandby.at(MAJOR, target, 0).close();
        Account.run(List.of("find", work.toString(), "-mindepth", "1", "-delete"), Map.of());
        dropSlot(primary::query);
        if (middle != null) {
            dropSlot(middle::query);
        }
    }

    private static void dropSlot(UnaryOperator<String> server) {
        String ours = " FROM pg_replication_slots WHERE slot_name = 'understudy'";
        Awaitility.await("the slot to be free")
                .until(() -> "0".equals(server.apply("SELECT count(*)" + ours + " AND active")));
        assertThat(server.apply("SELECT count(pg_drop_replication_slot(slot_name))" + ours))
                .isNotNull();
    }
}
