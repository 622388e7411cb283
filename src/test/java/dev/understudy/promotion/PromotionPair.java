package dev.understudy.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.host.open.Hosts;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.Result;
import dev.understudy.promotion.facts.Depth;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.gather.PromotionGatherer;
import dev.understudy.promotion.gather.PromotionRequest;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A primary and a standby that streams from it through a slot, shared by many states: each breaks one thing, is checked,
 * and mends it again. {@code -Dunderstudy.promotion.majors=9.6,12,18} names the majors; one by default.
 */
final class PromotionPair implements AutoCloseable {
    private static final String SLOT = "standby";

    private final EmbeddedPostgres primary;
    private final EmbeddedPostgres standby;
    private final Path recovery;
    private final Map<Path, byte[]> sound = new TreeMap<>();
    private boolean primaryGiven = true;
    private boolean directoryGiven = true;
    private Depth depth = Depth.QUICK;
    private Policy policy = Policy.standard();
    private List<String> downstreams = List.of();
    private Optional<String> primaryInstead = Optional.empty();

    private PromotionPair(EmbeddedPostgres primary, EmbeddedPostgres standby, Path recovery) {
        this.primary = primary;
        this.standby = standby;
        this.recovery = recovery;
    }

    /** Something that is done to the pair. */
    @FunctionalInterface
    interface Deed {
        void run() throws Exception;
    }

    /**
     * A state of the pair in which exactly one thing is wrong.
     *
     * @param id the check that shall say so
     * @param expected what it shall come to
     * @param says a piece of its summary
     * @param make brings it about
     * @param mend takes it away
     * @param besides what else is wrong then, since there is no way to one without the other
     */
    record State(String id, Result expected, String says, Deed make, Deed mend, Map<String, Result> besides) {
        State(String id, Result expected, String says, Deed make, Deed mend) {
            this(id, expected, says, make, mend, Map.of());
        }
    }

    /** The majors to test, as a system property says; 17 by default. */
    static Stream<ServerMajor> majors() {
        return named().orElseGet(() -> Stream.of(ServerMajor.V17));
    }

    /**
     * The majors to test, as the same property says. By default two take turns, a day each: nobody has the time for both in
     * every run, and in the long run each state has been on both.
     */
    static Stream<ServerMajor> newer() {
        return named().orElseGet(() -> turn(ServerMajor.V17, ServerMajor.V12));
    }

    /** The same, of which one has a recovery.conf. */
    static Stream<ServerMajor> older() {
        return named().orElseGet(() -> turn(ServerMajor.V11, ServerMajor.V17));
    }

    private static Optional<Stream<ServerMajor>> named() {
        return Optional.ofNullable(System.getProperty("understudy.promotion.majors"))
                .map(names -> Arrays.stream(names.split(",", -1)).map(ServerMajor::parse));
    }

    private static Stream<ServerMajor> turn(ServerMajor even, ServerMajor odd) {
        return Stream.of(LocalDate.now(ZoneOffset.UTC).getDayOfYear() % 2 == 0 ? even : odd);
    }

    /** The oldest and the newest major, or those that a system property says. */
    static Stream<ServerMajor> allMajors() {
        return Arrays.stream(System.getProperty("understudy.promotion.healthy", "9.6,18")
                        .split(",", -1))
                .map(ServerMajor::parse);
    }

    /** Builds a pair with data checksums and waits until it streams. */
    static PromotionPair of(ServerMajor major, String... primarySettings) {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.of(major)
                .withChecksums()
                .withSetting("wal_log_hints", "on")
                .withSetting("max_wal_size", "64MB")
                .withSetting("autovacuum", "off")
                .withSetting("max_standby_streaming_delay", "-1");
        set(builder, primarySettings);
        EmbeddedPostgres primary = builder.start();
        try {
            primary.execute(
                    "CREATE TABLE t (a int PRIMARY KEY, b text)",
                    "INSERT INTO t SELECT i, 'row ' || i FROM generate_series(1, 2000) i",
                    "CREATE INDEX t_b ON t (b)",
                    "SELECT pg_create_physical_replication_slot('" + SLOT + "', true)",
                    "CHECKPOINT");
            return of(primary, major, primarySettings);
        } catch (RuntimeException e) {
            primary.close();
            throw e;
        }
    }

    private static void set(EmbeddedPostgres.Builder builder, String... settings) {
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            builder.withSetting(parts[0].strip(), parts[1].strip());
        }
    }

    private static PromotionPair of(EmbeddedPostgres primary, ServerMajor major, String... settings) {
        Path clone = primary.scratch("clones").resolve("clone");
        primary.stop();
        PairFiles.copy(primary.dataDirectory(), clone);
        primary.start();
        PairFiles.follow(primary, clone, "primary_slot_name = '" + SLOT + "'");
        Path recovery = clone.resolve(major.isAtLeast(ServerMajor.V12) ? "postgresql.auto.conf" : "recovery.conf");
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.of(major).onDataDirectory(clone);
        // The builder has settings of its own, which would win over those that were copied.
        set(builder, settings);
        EmbeddedPostgres standby = builder.initialize();
        PromotionPair pair = new PromotionPair(primary, standby, recovery);
        for (String name : List.of(recovery.getFileName().toString(), "postgresql.conf", "pg_hba.conf")) {
            pair.keep(clone.resolve(name));
        }
        for (String name : List.of("postgresql.conf", "postgresql.auto.conf", "pg_hba.conf")) {
            pair.keep(primary.dataDirectory().resolve(name));
        }
        standby.start();
        pair.awaitCaughtUp();
        return pair;
    }

    private void keep(Path file) {
        try {
            sound.put(file, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    EmbeddedPostgres primary() {
        return primary;
    }

    EmbeddedPostgres standby() {
        return standby;
    }

    ServerMajor major() {
        return primary.major();
    }

    PromotionPair givePrimary(boolean given) {
        primaryGiven = given;
        return this;
    }

    /** Gives another server as the primary. */
    PromotionPair primaryIs(EmbeddedPostgres server) {
        primaryInstead = Optional.of(server.conninfo());
        return this;
    }

    PromotionPair giveDirectory(boolean given) {
        directoryGiven = given;
        return this;
    }

    PromotionPair depth(Depth chosen) {
        depth = chosen;
        return this;
    }

    PromotionPair policy(Policy chosen) {
        policy = chosen;
        return this;
    }

    PromotionPair downstreams(String... conninfos) {
        downstreams = List.of(conninfos);
        return this;
    }

    /** What {@code wal} or, before 10, {@code xlog} is called in a function's name: {@code pg_%s_replay_pause()}. */
    String function(String pattern) {
        return pattern.formatted(major().isAtLeast(ServerMajor.V10) ? "wal" : "xlog");
    }

    /** Gathers, and holds the facts to what they must always be: the same when saved and read. */
    PromotionFacts facts() {
        PromotionFacts facts = new PromotionGatherer(Hosts::open, Clock.systemUTC()).gather(request());
        PromotionFacts read = PromotionFacts.read("facts", facts.json());
        assertThat(read.json()).as("saved facts").isEqualTo(facts.json());
        return read;
    }

    private PromotionRequest request() {
        return new PromotionRequest(
                Conninfo.parse(standby.conninfo()),
                primaryInstead
                        .or(() -> Optional.of(primary.conninfo()))
                        .filter(any -> primaryGiven)
                        .map(Conninfo::parse),
                "local",
                Optional.of(standby.dataDirectory().toString()).filter(any -> directoryGiven),
                downstreams.stream().map(Conninfo::parse).toList(),
                depth,
                Optional.empty(),
                policy);
    }

    Verdict examine() {
        return Promotion.examine(facts(), policy);
    }

    /** What is not passed or skipped, by id. */
    static Map<String, Result> findings(Verdict verdict) {
        return verdict.checks().stream()
                .filter(check -> check.result() == Result.FAIL || check.result() == Result.WARN)
                .collect(Collectors.toMap(CheckResult::id, CheckResult::result, (a, b) -> b, TreeMap::new));
    }

    static CheckResult result(Verdict verdict, String id) {
        return verdict.checks().stream()
                .filter(check -> check.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no check " + id));
    }

    /**
     * Takes the pair through states. Each must add its one finding to those of the pair as it was, and nothing else; all
     * that are wrong are told together.
     */
    void take(List<State> states) {
        Map<String, Result> usual = findings(examine());
        List<AssertionError> wrong = new ArrayList<>();
        for (State state : states) {
            try {
                take(state, usual);
            } catch (AssertionError e) {
                wrong.add(new AssertionError(
                        "PostgreSQL %s, state %s %s: %s"
                                .formatted(major(), state.id(), state.expected(), e.getMessage()),
                        e));
            }
        }
        assertThat(wrong).isEmpty();
    }

    private void take(State state, Map<String, Result> usual) {
        Map<String, Result> expected = new TreeMap<>(usual);
        expected.putAll(state.besides());
        expected.put(state.id(), state.expected());
        try {
            state.make().run();
            awaitFindings(state, expected);
        } catch (AssertionError | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("state " + state.id(), e);
        } finally {
            mend(state);
        }
    }

    /** On a busy machine one look may take as long as the limit; a second one it has in any case. */
    private void awaitFindings(State state, Map<String, Result> expected) {
        Instant limit = Instant.now().plus(Duration.ofSeconds(60));
        for (int look = 1; ; look++) {
            Verdict verdict = examine();
            boolean found = findings(verdict).equals(expected)
                    && result(verdict, state.id()).summary().contains(state.says());
            if (found) {
                return;
            }
            if (look > 1 && Instant.now().isAfter(limit)) {
                assertThat(findings(verdict)).as(String.valueOf(verdict)).isEqualTo(expected);
                assertThat(result(verdict, state.id()).summary()).contains(state.says());
            }
        }
    }

    private void mend(State state) {
        try {
            state.mend().run();
        } catch (Exception e) {
            throw new IllegalStateException("could not mend state " + state.id() + ": " + standby.log(), e);
        }
    }

    /** Waits until the standby streams and has replayed all that the primary has written. */
    void awaitCaughtUp() {
        String replayed = major().isAtLeast(ServerMajor.V10)
                ? "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND replay_lsn = pg_current_wal_lsn()"
                : "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
                        + " AND replay_location = pg_current_xlog_location()";
        Awaitility.await("the standby to stream and catch up")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> !"0".equals(primary.query(replayed)) && "t".equals(standby.query("SELECT true")));
    }

    /** Restarts the standby with further lines of {@code postgresql.conf}. */
    void restartStandby(String... lines) {
        standby.stop();
        standby.configure(lines);
        standby.start();
    }

    /** Further lines of the standby's {@code postgresql.conf}, in force without a restart. */
    void reloadStandby(String... lines) {
        standby.configure(lines);
        standby.reload();
    }

    /** Puts the configuration of both back as it was, as far as that takes no restart. */
    void mendByReload() {
        restore(standby.dataDirectory());
        restore(primary.dataDirectory());
        standby.reload();
        primary.reload();
    }

    /** Restarts the standby with further lines where recovery's settings stand: recovery.conf up to 11. */
    void restartRecovery(String... lines) {
        standby.stop();
        try {
            Files.writeString(recovery, Files.readString(recovery) + String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        standby.start();
    }

    /** Puts the standby's configuration back as it was, and waits until it streams. */
    void mendStandby() {
        if (standby.isRunning()) {
            standby.stop();
        }
        restore(standby.dataDirectory());
        standby.start();
        awaitCaughtUp();
    }

    /** Puts the primary's configuration back as it was, restarts it, and waits until the standby streams. */
    void mendPrimary() {
        if (primary.isRunning()) {
            primary.stop();
        }
        restore(primary.dataDirectory());
        primary.start();
        awaitCaughtUp();
    }

    private void restore(Path directory) {
        sound.forEach((file, bytes) -> {
            if (file.startsWith(directory)) {
                try {
                    Files.write(file, bytes);
                    Account.give(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    @Override
    public void close() {
        try {
            standby.close();
        } finally {
            primary.close();
        }
    }
}
