package dev.understudy.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.understudy.doctor.Doctor;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.gather.FactsGatherer;
import dev.understudy.doctor.gather.Request;
import dev.understudy.host.open.Hosts;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.PromotionPair.State;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.Result;
import dev.understudy.promotion.facts.Depth;
import dev.understudy.testing.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** States in which the standby is not whole. */
final class WholeStatesIT {
    private PromotionPair pair;
    private byte[] kept = new byte[0];

    @ParameterizedTest
    @MethodSource("dev.understudy.promotion.PromotionPair#newer")
    void eachStateIsFoundAndNothingElse(ServerMajor major) throws IOException {
        try (PromotionPair built = PromotionPair.of(major)) {
            pair = built;
            pair.primary()
                    .execute(
                            "CREATE TABLE long AS SELECT i AS a, repeat('x', 1000) AS b FROM generate_series(1, 5000) i",
                            "VACUUM long",
                            "CHECKPOINT");
            pair.awaitCaughtUp();
            pair.take(states());
            aTableThatLostItsEndIsSuspectedWithoutThePrimary();
            if (major.isAtLeast(ServerMajor.V14)) {
                parametersBelowTheNewOnesOfThePrimary();
            }
        }
    }

    private List<State> states() {
        List<State> states = new ArrayList<>();
        states.add(new State(
                "consistency-reached",
                Result.FAIL,
                "A backup_label lies in the data directory",
                () -> write("backup_label", "START WAL LOCATION: 0/2000028 (file 000000010000000000000002)\n"),
                () -> Files.delete(file("backup_label"))));
        states.add(new State(
                "control-file-agrees",
                Result.FAIL,
                "state \"in production\", and the server is in recovery",
                () -> {
                    kept = Files.readAllBytes(file("global/pg_control"));
                    Files.write(
                            file("global/pg_control"),
                            Files.readAllBytes(pair.primary().dataDirectory().resolve("global/pg_control")));
                },
                () -> Files.write(file("global/pg_control"), kept)));
        states.add(new State(
                "indexes-valid", Result.WARN, "1 indexes are not valid", () -> valid(false), () -> valid(true)));
        states.add(new State(
                "relation-files",
                Result.FAIL,
                "first public.t_b (base/",
                () -> {
                    keep(path("t_b"));
                    Files.write(file(path("t_b")), new byte[0]);
                },
                () -> restore(path("t_b"))));
        states.add(new State(
                "relation-files",
                Result.FAIL,
                "first public.t_b (base/",
                () -> {
                    keep(path("t_b"));
                    Files.delete(file(path("t_b")));
                },
                () -> restore(path("t_b"))));
        // What is left is sound, and a scan ends where the file does: only the primary knows better.
        states.add(new State(
                "relation-files",
                Result.FAIL,
                "which ends after 8192 bytes while the primary shows rows behind that in database \"postgres\"",
                () -> {
                    pair.standby().stop();
                    keep(path("t"));
                    Files.write(file(path("t")), Arrays.copyOf(kept, 8192));
                    pair.standby().start();
                    pair.awaitCaughtUp();
                },
                () -> {
                    pair.standby().stop();
                    restore(path("t"));
                    pair.standby().start();
                    pair.awaitCaughtUp();
                }));
        // The pages stay in the server's memory, so that only a look from outside can find this.
        states.add(new State(
                "corruption",
                Result.FAIL,
                "The standby is damaged: base/",
                () -> {
                    pair.standby().query("SELECT count(*) FROM pg_description");
                    flip(path("pg_description"));
                },
                () -> restore(path("pg_description"))));
        if (pair.major().isAtLeast(ServerMajor.V12)) {
            states.add(new State(
                    "data-checksums",
                    Result.FAIL,
                    "page checksums have failed on the standby",
                    () -> {
                        pair.standby().stop();
                        flip(path("t"));
                        pair.standby().start();
                        readInVain("t");
                    },
                    () -> {
                        pair.standby().stop();
                        restore(path("t"));
                        pair.standby().start();
                        pair.awaitCaughtUp();
                        pair.standby().execute("SELECT pg_stat_reset()");
                    }));
        }
        return states;
    }

    /** The catalog counts more pages than there are; only at full depth the rows themselves are counted, by an index too. */
    private void aTableThatLostItsEndIsSuspectedWithoutThePrimary() throws IOException {
        pair.standby().stop();
        for (String name : List.of("t", "long")) {
            keep(path(name));
            Files.write(file(path(name)), Arrays.copyOf(kept, 8192));
        }
        pair.standby().start();
        pair.awaitCaughtUp();
        assertThat(Doctor.examine(seenByTheDoctor()).findings())
                .extracting(Finding::id, Finding::summary)
                .containsExactly(
                        tuple("relation-cut-short", "2 tables of the standby end before rows that the primary has"));

        CheckResult files = PromotionPair.result(pair.givePrimary(false).examine(), "relation-files");
        assertThat(files.result()).as(String.valueOf(files)).isEqualTo(Result.WARN);
        assertThat(files.summary())
                .matches("public.long \\(base/\\d+/\\d+\\), whose file has 1 of the \\d+ pages that the catalog counts,"
                        + " in database \"postgres\" may have lost its end");

        CheckResult rows = PromotionPair.result(pair.depth(Depth.FULL).examine(), "corruption");
        assertThat(rows.result()).as(String.valueOf(rows)).isEqualTo(Result.FAIL);
        assertThat(rows.summary()).matches("The standby is damaged: public.(t|long) in database \"postgres\": .*");
        pair.givePrimary(true).depth(Depth.QUICK);
    }

    private Facts seenByTheDoctor() {
        return new FactsGatherer(Hosts::open, Clock.systemUTC())
                .gather(new Request(
                        "local",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Conninfo.parse(pair.standby().conninfo())),
                        Optional.of(Conninfo.parse(pair.primary().conninfo())),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of()));
    }

    /** Replay stops where the primary has begun with more; what is broken already stays so. */
    private void parametersBelowTheNewOnesOfThePrimary() {
        pair.primary().stop();
        pair.primary().configure("max_locks_per_transaction = 128");
        pair.primary().start();
        Awaitility.await("replay to stop")
                .ignoreExceptions()
                .until(() -> "t".equals(pair.standby().query("SELECT pg_is_wal_replay_paused()")));
        CheckResult parameters = PromotionPair.result(pair.examine(), "parameters-minimum");
        assertThat(parameters.result()).as(String.valueOf(parameters)).isEqualTo(Result.FAIL);
        assertThat(parameters.summary()).contains("max_locks_per_transaction");
    }

    private Path file(String name) {
        return pair.standby().dataDirectory().resolve(name);
    }

    private String path(String relation) {
        return pair.primary().query("SELECT pg_relation_filepath('" + relation + "')");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(file(name), text);
        Account.give(file(name));
    }

    private void keep(String name) throws IOException {
        kept = Files.readAllBytes(file(name));
    }

    private void restore(String name) throws IOException {
        Files.write(file(name), kept);
        Account.give(file(name));
    }

    /** Turns one bit of the first page, in what its checksum covers. */
    private void flip(String name) throws IOException {
        keep(name);
        byte[] bytes = kept.clone();
        bytes[5000] ^= 8;
        Files.write(file(name), bytes);
    }

    private void valid(boolean valid) {
        pair.primary().execute("UPDATE pg_index SET indisvalid = " + valid + " WHERE indexrelid = 't_b'::regclass");
    }

    private void readInVain(String table) {
        try {
            pair.standby().query("SELECT count(b) FROM " + table);
        } catch (IllegalStateException e) {
            // What is wanted: the server counts the failure.
            return;
        }
        throw new AssertionError("a damaged page was read");
    }
}
