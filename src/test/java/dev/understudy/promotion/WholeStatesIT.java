package dev.understudy.promotion;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.PromotionPair.State;
import dev.understudy.promotion.check.Result;
import dev.understudy.testing.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** States in which the standby is not whole. */
final class WholeStatesIT {
    private PromotionPair pair;
    private byte[] kept = new byte[0];

    @ParameterizedTest
    @MethodSource("dev.understudy.promotion.PromotionPair#newer")
    void eachStateIsFoundAndNothingElse(ServerMajor major) {
        try (PromotionPair built = PromotionPair.of(major)) {
            pair = built;
            pair.take(states());
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
