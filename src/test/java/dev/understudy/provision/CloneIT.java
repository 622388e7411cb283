package dev.understudy.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.RunState;
import dev.understudy.host.ShellQuote;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Ledger;
import dev.understudy.testing.LeftBehind;
import dev.understudy.testing.RunFixture;
import dev.understudy.testing.SmallFileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clones in one command, while clients write, with a tablespace on a volume of its own: by snapshots of btrfs subvolumes,
 * and by reflinks of XFS. {@code -Dunderstudy.clone.majors=9.6,12,14,15,18} takes more majors than one.
 */
final class CloneIT {
    static Stream<ServerMajor> majors() {
        return Stream.of(System.getProperty("understudy.clone.majors", "14").split(","))
                .map(ServerMajor::parse);
    }

    @ParameterizedTest
    @MethodSource("majors")
    void snapshotsOfBtrfsTakenUnderLoadAreProven(ServerMajor major, @TempDir Path state) {
        try (CloneBench bench = CloneBench.start(major);
                Ledger ledger = Ledger.create(bench.primary().jdbcUrl(), bench.archive())
                        .start()) {
            Path into = bench.into("clone");
            RunFixture fixture = new RunFixture(state);
            RunState run = fixture.prove("clone-btrfs", bench.parameters(into, "into", into.toString()));
            isRight(bench, run, into, ledger);
            assertThat(run.facts().get("snapshot_made"))
                    .isEqualTo("subvolume " + into + "/data\nsubvolume " + into + "/archive");
            assertThat(run.published().get("clone"))
                    .containsKeys("hookToAnswerSeconds", "serverStartSeconds", "overheadSeconds");
            assertThat((double) run.published().get("clone").get("overheadSeconds"))
                    .isPositive();
        }
    }

    private static void isRight(CloneBench bench, RunState run, Path into, Ledger ledger) {
        ServerMajor major = bench.primary().major();
        try (BuiltStandby standby = BuiltStandby.of(run, major, into.resolve("data"))) {
            Ledger.Reading reading = Ledger.read(standby.jdbcUrl(), major).requireRight();
            assertThat(reading.replayed().orElseThrow())
                    .isGreaterThanOrEqualTo(Lsn.parse(run.facts().get("stop_lsn")));
            assertThat(standby.query("SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = 'archive'"))
                    .isEqualTo(into + "/archive");
            ledger.requireRunning();
        }
    }

    /** The backup's bracket makes up for the time between the volumes, whichever is taken first. */
    @Test
    void volumesTakenFiveSecondsApartUnderLoadAreProven(@TempDir Path state) {
        try (CloneBench bench = CloneBench.start(ServerMajor.V15);
                Ledger ledger = Ledger.create(bench.primary().jdbcUrl(), bench.archive())
                        .start()) {
            for (List<String> order : List.of(List.of("archive", "data"), List.of("data", "archive"))) {
                Path into = bench.into("apart_" + order.get(0));
                String snapshot =
                        "set -e; " + bench.take(order.get(0), into) + "sleep 5; " + bench.take(order.get(1), into);
                RunState run = new RunFixture(state)
                        .prove("clone", bench.parameters(into, "snapshot", snapshot, "cleanup", CloneBench.cleanUp()));
                isRight(bench, run, into, ledger);
            }
        }
    }

    @Test
    void reflinksOfXfsTakenUnderLoadAreProven(@TempDir Path state) {
        ServerMajor major = ServerMajor.V18;
        try (SmallFileSystem disk = SmallFileSystem.of(SmallFileSystem.Type.XFS, 3000);
                EmbeddedPostgres primary = EmbeddedPostgres.of(major)
                        .inEmptyDirectory(disk.mountPoint().resolve("data"))
                        .start()) {
            Path into = disk.mountPoint().resolve("clone");
            RunState run = new RunFixture(state)
                    .prove(
                            "clone-xfs",
                            Map.of(
                                    "primary", primary.conninfo(),
                                    "data_directory", into + "/data",
                                    "volumes", primary.dataDirectory().toString(),
                                    "into", into.toString(),
                                    "bin_directory", primary.binDirectory().toString(),
                                    "socket_directory",
                                            primary.socketDirectory().toString()));
            try (BuiltStandby standby = BuiltStandby.of(run, major, into.resolve("data"))) {
                assertThat(standby.query("SELECT pg_is_in_recovery()")).isEqualTo("t");
            }
        }
    }

    /** pg_control's volume is last, its backup has no end of its own, and the standby follows the one it was cloned from. */
    @Test
    void aCloneOfAStandbyIsProvenByItsSealedMinimumRecoveryPoint(@TempDir Path state) {
        try (CloneBench bench = CloneBench.start(ServerMajor.V15);
                Ledger ledger = Ledger.create(bench.primary().jdbcUrl(), bench.archive())
                        .start()) {
            Path first = bench.into("first");
            RunState source =
                    new RunFixture(state).prove("clone-btrfs", bench.parameters(first, "into", first.toString()));
            try (BuiltStandby standby = BuiltStandby.of(source, ServerMajor.V15, first.resolve("data"))) {
                Path into = bench.into("second");
                String snapshot = "set -e; volume=$(basename \"$UNDERSTUDY_VOLUME\"); mkdir -p " + into
                        + "; sleep 1; btrfs subvolume snapshot \"$UNDERSTUDY_VOLUME\" " + into
                        + "/$volume >&2; printf '{\"message\": \"%s %s\"}' \"$volume\" \"$(date +%s%N)\"";
                RunFixture fixture = new RunFixture(state);
                RunState run = fixture.prove(
                        "clone",
                        bench.parameters(
                                into,
                                "primary",
                                "host=127.0.0.1 user=postgres dbname=postgres port=" + standby.port(),
                                "tablespaces",
                                first + "/archive=" + into + "/archive",
                                "volumes",
                                first + "/data," + first + "/archive",
                                "snapshot",
                                snapshot,
                                "parallel",
                                "2"));
                isRight(bench, run, into, ledger);
                List<String> said = Stream.of(run.step("snapshot").orElseThrow().evidence())
                        .flatMap(List::stream)
                        .map(seen -> seen.claim())
                        .filter(claim -> claim.startsWith("said: "))
                        .toList();
                assertThat(said).hasSize(2);
                assertThat(said.get(0)).startsWith("said: archive ");
                assertThat(said.get(1)).startsWith("said: data ");
                assertThat(fixture.said()).contains("no BACKUP_END exists").contains("minimum recovery point");
                isRefusedWhenItsSourceIsPromotedMeanwhile(bench, standby, fixture);
            }
        }
    }

    private static void isRefusedWhenItsSourceIsPromotedMeanwhile(
            CloneBench bench, BuiltStandby source, RunFixture fixture) {
        Path into = bench.into("third");
        String promote = ShellQuote.join(Account.asServer(List.of(
                bench.primary().binDirectory().resolve("pg_ctl").toString(),
                "promote",
                "-w",
                "-D",
                source.dataDirectory().toString())));
        RunState run = fixture.run(
                "clone",
                bench.parameters(
                        into,
                        "primary",
                        "host=127.0.0.1 user=postgres dbname=postgres port=" + source.port(),
                        "volumes",
                        source.dataDirectory() + "," + source.dataDirectory().resolveSibling("archive"),
                        "snapshot",
                        "set -e; " + bench.take("data", into) + promote + " >&2",
                        "cleanup",
                        CloneBench.cleanUp()));
        assertThat(run.outcome()).as(fixture.said()).isEqualTo(Outcome.UNDONE);
        assertThat(fixture.said()).contains("promoted");
        assertThat(CloneBench.entries(into)).isEmpty();
    }

    /** Whatever is wrong, nothing of the attempt is left. */
    @Test
    void whatFailsIsCleanedUp(@TempDir Path state) {
        try (CloneBench bench = CloneBench.start(ServerMajor.V15)) {
            bench.primary().execute("CREATE TABLESPACE archive LOCATION '" + bench.archive() + "'");
            Path into = bench.into("failed");
            RunFixture fixture = new RunFixture(state);

            RunState leftOut = fixture.run(
                    "clone-btrfs", bench.parameters(into, "into", into.toString(), "volumes", bench.data()));
            assertThat(leftOut.outcome()).as(fixture.said()).isEqualTo(Outcome.REFUSED);
            assertThat(fixture.said())
                    .contains("a volume is left out of the snapshots: tablespace \"archive\" \"" + bench.archive());

            undone(bench, fixture, into, "set -e; " + bench.take("data", into) + "echo broken >&2; exit 3");
            assertThat(fixture.said()).contains("ended with status 3").contains("broken");

            undone(bench, fixture, into, bench.take("data", into) + "echo done");
            assertThat(fixture.said()).contains("broke the contract for its standard output");

            undone(bench, fixture, into, "echo '{\"made\": [{\"kinds\": \"subvolume\"}]}'");
            assertThat(fixture.said()).contains("unknown key \"kinds\"");

            undone(bench, fixture, into, bench.take("archive", into));
            assertThat(fixture.said()).contains("there is no data directory in");
        }
    }

    private static void undone(CloneBench bench, RunFixture fixture, Path into, String snapshot) {
        RunState run =
                fixture.run("clone", bench.parameters(into, "snapshot", snapshot, "cleanup", CloneBench.cleanUp()));
        assertThat(run.outcome()).as(fixture.said()).isEqualTo(Outcome.UNDONE);
        assertThat(CloneBench.entries(into)).isEmpty();
        LeftBehind.nothingOn(bench.primary());
    }

    /** The source's own directory would be sealed, and its running server with it. */
    @Test
    void theSourcesOwnDirectoryIsNeverTakenForItsClone(@TempDir Path state) {
        try (CloneBench bench = CloneBench.start(ServerMajor.V15)) {
            String link = bench.into("link").toString();
            RunFixture fixture = new RunFixture(state);
            RunState run = fixture.run(
                    "clone",
                    bench.parameters(
                            bench.into("x"),
                            "data_directory",
                            link,
                            "volumes",
                            bench.data(),
                            "tablespaces",
                            "",
                            "snapshot",
                            "ln -s data " + link,
                            "cleanup",
                            "rm -f " + link));
            assertThat(run.outcome()).as(fixture.said()).isEqualTo(Outcome.UNDONE);
            assertThat(fixture.said()).contains("is the data directory of a running server");
            assertThat(bench.primary().query("SELECT 1")).isEqualTo("1");
        }
    }

    /** A failed attempt's snapshot is gone before the next attempt takes its own. */
    @Test
    void aFailedAttemptIsCleanedUpBeforeTheNext(@TempDir Path state) {
        try (CloneBench bench = CloneBench.start(ServerMajor.V15);
                Ledger ledger = Ledger.create(bench.primary().jdbcUrl(), bench.archive())
                        .start()) {
            Path into = bench.into("again");
            String snapshot = "set -e; " + bench.take("data", into) + bench.take("archive", into) + "[ -e " + into
                    + "/tried ] || { touch " + into + "/tried; exit 1; }";
            RunState run = new RunFixture(state)
                    .prove(
                            "clone",
                            bench.parameters(
                                    into, "snapshot", snapshot, "cleanup", CloneBench.cleanUp(), "attempts", "2"));
            isRight(bench, run, into, ledger);
            assertThat(run.step("snapshot").orElseThrow().attempts()).isEqualTo(2);
        }
    }
}
