package dev.understudy.promotion.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.RunState;
import dev.understudy.engine.run.EngineListener;
import dev.understudy.host.open.Hosts;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.EngineRuns;
import dev.understudy.testing.Understudy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rehearsals that are killed. Everywhere: {@code -Dunderstudy.rehearsal.kills=all}. */
final class KilledRehearsalIT {
    private static final ServerMajor MAJOR = ServerMajor.V15;

    /** Facts that are recorded at moments that matter: before something is made, and after. */
    private static final List<String> EVERYWHERE = List.of(
            "rehearsal_home",
            "copied",
            "rehearsal_wal_end",
            "rehearsal_isolated",
            "server_started",
            "rehearsal_consistent_seconds",
            "rehearsal_promoted_seconds",
            "rehearsal_checkpoint_seconds",
            "rehearsal_looked",
            "rehearsal_clearing");

    private static final List<String> SOME = List.of("rehearsal_promoted_seconds");

    private static List<String> places() {
        return System.getProperty("understudy.rehearsal.kills", "").equals("all") ? EVERYWHERE : SOME;
    }

    @Test
    void whatAKilledRehearsalLeftIsClearedAwayByAbortAndByTheNextOneOrGoneOnWith(@TempDir Path home)
            throws IOException {
        Understudy understudy = new Understudy(home);
        try (Pair pair = Pair.of(EmbeddedPostgres.of(MAJOR), MAJOR, home.resolve("built"))) {
            Path scratch = pair.primary().scratch("scratch");
            for (String place : places()) {
                KilledRehearsal.run(understudy.state(), place, pair.parameters(scratch));
                abort(understudy.state(), place);
                isGone(place, scratch);
            }

            resume(understudy.state(), pair, scratch);

            KilledRehearsal.run(understudy.state(), "rehearsal_consistent_seconds", pair.parameters(scratch));
            assertThat(running(scratch)).as("the copy's server").isTrue();
            Understudy.Ended next = understudy.run(command(pair, scratch));

            assertThat(next.status()).as(next.said()).isZero();
            assertThat(next.out())
                    .containsPattern("Clears away what rehearsal \\S+-rehearsal-\\S+ left\\.")
                    .contains("Cleared away.", "Rehearsed, nothing wrong.");
            isGone("the next rehearsal", scratch);
            pair.ledger().requireRunning();
        }
    }

    private static void resume(Path state, Pair pair, Path scratch) throws IOException {
        KilledRehearsal.run(state, "rehearsal_isolated", pair.parameters(scratch));
        EngineRuns engine = new EngineRuns(state, Hosts::open);
        RunState end = engine.resume(newest(engine), Map.of(), EngineListener.NONE);

        assertThat(end.outcome()).isEqualTo(Outcome.DONE);
        assertThat(end.published().get("rehearsal")).containsEntry("good", true);
        isGone("resume", scratch);
    }

    private static List<String> command(Pair pair, Path scratch) {
        return new ArrayList<>(List.of(
                "promotion",
                "rehearse",
                "--standby",
                pair.conninfo(),
                "-D",
                pair.standby().dataDirectory().toString(),
                "--scratch",
                scratch.toString(),
                "-e",
                "bin_directory=" + pair.primary().binDirectory()));
    }

    private static String newest(EngineRuns engine) {
        return engine.runs().list().get(0).run();
    }

    private static void abort(Path state, String place) {
        EngineRuns engine = new EngineRuns(state, Hosts::open);
        RunState end = engine.abort(newest(engine));
        assertThat(end.outcome()).as(place + ": " + end.left()).isEqualTo(Outcome.UNDONE);
    }

    private static boolean running(Path scratch) {
        return Files.exists(scratch.resolve("understudy-rehearsal/data/postmaster.pid"));
    }

    private static void isGone(String place, Path scratch) throws IOException {
        try (Stream<Path> left = Files.list(scratch)) {
            assertThat(left).as(place).isEmpty();
        }
        String servers = Stream.of(java.util.Objects.requireNonNull(
                        new java.io.File("/proc").list((dir, name) -> name.matches("\\d+"))))
                .map(KilledRehearsalIT::commandLine)
                .filter(line -> line.contains(scratch.toString()))
                .toList()
                .toString();
        assertThat(servers).as(place).isEqualTo("[]");
    }

    private static String commandLine(String pid) {
        try {
            return Files.readString(Path.of("/proc", pid, "cmdline")).replace('\0', ' ');
        } catch (IOException e) {
            return ""; // It has ended meanwhile.
        }
    }
}
