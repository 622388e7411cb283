package dev.understudy.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.journal.RunState;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.host.LeftProcesses;
import dev.understudy.host.open.Hosts;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.LeftBehind;
import dev.understudy.testing.RunFixture;
import dev.understudy.testing.Understudy;
import dev.understudy.testing.Understudy.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clones that are cut short by kill -9 in the middle of the hook, and a machine that comes to be in the middle of a run. */
final class CloneInterruptedIT {
    private static final ServerMajor MAJOR = ServerMajor.V15;

    @TempDir
    private Path home;

    /** A run whose hook has taken one of two snapshots and is killed with it. */
    private Understudy killed(CloneBench bench, Path into) throws IOException {
        Files.createDirectories(into);
        Path wait = Files.createFile(into.resolve("wait"));
        String snapshot = "set -e; " + bench.take("data", into) + "while [ -e " + wait + " ]; do sleep 0.1; done; "
                + bench.take("archive", into);
        Understudy understudy = new Understudy(home);
        Understudy.Running run = understudy.start(Understudy.command(
                "run", "clone", bench.parameters(into, "snapshot", snapshot, "cleanup", CloneBench.cleanUp())));
        Awaitility.await("the first snapshot")
                .atMost(Duration.ofSeconds(120))
                .until(() -> !run.isAlive() || Files.exists(into.resolve("data/PG_VERSION")));
        assertThat(run.isAlive()).as(run.said()).isTrue();
        run.killGroup();
        // Nor shall the hook's own shell, which nobody waits for any more, take the second.
        bench.primary().execute("SELECT 1");
        assertThat(into.resolve("archive")).doesNotExist();
        return understudy;
    }

    @Test
    void abortAfterAKillRemovesWhatTheHookHadNamed() throws IOException {
        try (CloneBench bench = CloneBench.start(MAJOR)) {
            Path into = bench.into("aborted");
            Understudy understudy = killed(bench, into);

            Ended abort = understudy.run("abort", "clone");
            assertThat(abort.status()).as(abort.said()).isZero();
            assertThat(abort.said()).contains("cleaned up: subvolume " + into + "/data");
            assertThat(CloneBench.entries(into)).containsExactly("wait");
            LeftBehind.nothingOn(bench.primary());
            // Nor is anything of the hook left that would go on with the second once it may.
            String run = understudy.onlyRun();
            assertThat(LeftProcesses.end(Hosts.open("local"), run, "snapshot")).isEmpty();
        }
    }

    /** What the lost backup's hook had taken is of no use to the new one, and gone before that takes its own. */
    @Test
    void resumeAfterAKillTakesNewSnapshotsWithinANewBackup() throws IOException {
        try (CloneBench bench = CloneBench.start(MAJOR)) {
            Path into = bench.into("resumed");
            bench.primary().execute("CREATE TABLESPACE archive LOCATION '" + bench.archive() + "'");
            Understudy understudy = killed(bench, into);
            Files.move(into.resolve("wait"), into.resolve("go"));

            Ended resumed = understudy.run("resume", "clone");
            try (BuiltStandby standby = BuiltStandby.at(MAJOR, into.resolve("data"), 0)) {
                assertThat(resumed.status()).as(resumed.said()).isZero();
                assertThat(resumed.said()).contains("cleaned up: subvolume " + into + "/data", "Proven.");
                assertThat(standby.isRunning()).isTrue();
            }
        }
    }

    @Test
    void aMachineThatAHookMakesNeedNotBeThereBefore(@TempDir Path state) {
        try (CloneBench bench = CloneBench.start(MAJOR)) {
            Path into = bench.into("later");
            RunFixture fixture = new RunFixture(state, name -> machine(name, into.resolve("data")));
            RunState run = fixture.prove(
                    "clone",
                    bench.parameters(
                            into,
                            "standby_host",
                            "ssh://root@later",
                            "volumes",
                            bench.data(),
                            "tablespaces",
                            "",
                            "port",
                            Integer.toString(EmbeddedPostgres.freePort()),
                            "snapshot",
                            bench.take("data", into),
                            "cleanup",
                            CloneBench.cleanUp()));
            try (BuiltStandby standby = BuiltStandby.of(run, MAJOR, into.resolve("data"))) {
                assertThat(fixture.said()).contains("the standby's machine does not answer");
                assertThat(standby.query("SELECT pg_is_in_recovery()")).isEqualTo("t");
            }
        }
    }

    /** There once its disk is. */
    private static Host machine(String name, Path disk) {
        if (name.startsWith("ssh://") && Files.notExists(disk)) {
            throw UnderstudyException.of(ErrorCode.HOST_UNREACHABLE, "host \"%s\" cannot be reached", name)
                    .build();
        }
        return Hosts.local();
    }
}
