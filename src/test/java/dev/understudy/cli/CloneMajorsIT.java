package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Ledger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Begin, clone, end, seal on several majors, and what must be refused on each: a clone in which a server ran before it was
 * sealed, the clone of another cluster, a primary that was restarted. With {@code -Dunderstudy.majors=9.6,12,…} on those.
 */
final class CloneMajorsIT {
    static Stream<ServerMajor> majors() {
        return Arrays.stream(System.getProperty("understudy.majors", "9.6,18").split(","))
                .map(ServerMajor::parse);
    }

    @ParameterizedTest
    @MethodSource("majors")
    void isSealedAndRightOrRefused(ServerMajor major, @TempDir Path bundles) {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(major).start();
                Ledger ledger = Ledger.create(primary.jdbcUrl(), "").start()) {
            TwoCommands commands = new TwoCommands(primary, bundles.resolve("b"), "of_clone").begun();
            Path work = primary.scratch("work");
            Path clone = copy(primary, work.resolve("clone"));
            Path ran = runBriefly(primary, copy(primary, work.resolve("ran")));
            Path removed = runBriefly(primary, copy(primary, work.resolve("removed")));
            ledger.requireRunning();
            commands.ended();

            isRefused(commands.seal(ran), "a server has run in", "it went its own way at");
            isRefused(
                    commands.seal(removed, "--primary", "host=127.0.0.1 port=1"),
                    "a server has run in",
                    "it went its own way at");
            isRefused(commands.seal(work), "is not a data directory");
            isInspectedAs(clone, bundles.resolve("b"), "clone-unsealed");
            isInspectedAs(ran, bundles.resolve("b"), "ran-as-primary");
            try (BuiltStandby standby = commands.standby(clone)) {
                Ledger.Reading reading = Ledger.read(standby.jdbcUrl(), major).requireRight();
                assertThat(reading.replayed().orElseThrow())
                        .isGreaterThanOrEqualTo(
                                Lsn.parse(commands.status().path("stopLsn").asText()));
                assertThat(standby.query("SELECT pg_is_in_recovery()")).isEqualTo("t");
                aCloneOfTheStandbyIsRightToo(standby, bundles.resolve("of_standby"), work.resolve("second"));
            }
            aRestartIsNoticed(primary, bundles, ledger);
        }
    }

    private static void aCloneOfTheStandbyIsRightToo(BuiltStandby source, Path bundle, Path directory) {
        TwoCommands commands = new TwoCommands(source, bundle, "of_standby").begun();
        Account.run(
                List.of(
                        "sh",
                        "-c",
                        "cp -a \"$1\" \"$2\" || test -e \"$2\"",
                        "sh",
                        source.dataDirectory().toString(),
                        directory.toString()),
                Map.of());
        Path untold = directory.resolveSibling("untold");
        Account.run(List.of("cp", "-a", directory.toString(), untold.toString()), Map.of());
        Account.run(List.of("rm", untold.resolve("postmaster.pid").toString()), Map.of());
        commands.ended();
        isRefused(commands.seal(untold), "cannot tell whether a server has run in");
        try (BuiltStandby second = commands.standby(directory)) {
            Ledger.Reading reading =
                    Ledger.read(second.jdbcUrl(), source.major()).requireRight();
            assertThat(reading.replayed().orElseThrow())
                    .isGreaterThanOrEqualTo(
                            Lsn.parse(commands.status().path("stopLsn").asText()));
        }
    }

    private static void isInspectedAs(Path directory, Path bundle, String condition) {
        Captured inspected = Captured.run(
                "inspect", "directory", directory.toString(), "--bundle", bundle.toString(), "--format", "json");
        assertThat(inspected.status()).as(inspected.err()).isEqualTo(1);
        assertThat(TwoCommands.json(inspected).path("condition").asText()).isEqualTo(condition);
    }

    private static void aRestartIsNoticed(EmbeddedPostgres primary, Path bundles, Ledger ledger) {
        TwoCommands commands = new TwoCommands(primary, bundles.resolve("restarted"), "restarted").begun();
        ledger.close();

        primary.restart();

        commands.awaitState("failed");
        commands.isGivenUpBecause("lost the session that holds the backup");
    }

    private static void isRefused(Captured seal, String... said) {
        assertThat(seal.status()).as(seal.out() + seal.err()).isEqualTo(3);
        assertThat(seal.err()).contains(said);
    }

    /** WAL and all, as a snapshot of a volume is. */
    private static Path copy(EmbeddedPostgres primary, Path to) {
        Account.run(
                List.of(
                        "sh",
                        "-c",
                        "cp -a \"$1\" \"$2\" || test -e \"$2\"",
                        "sh",
                        primary.dataDirectory().toString(),
                        to.toString()),
                Map.of());
        return to;
    }

    /** As a machine's clone does when it boots: the server finds itself crashed, recovers, and is a second primary. */
    private static Path runBriefly(EmbeddedPostgres primary, Path clone) {
        Account.run(List.of("rm", "-f", clone.resolve("postmaster.pid").toString()), Map.of());
        pgCtl(primary, clone, "start", "-w", "-l", clone + ".log", "-o", "-p " + EmbeddedPostgres.freePort());
        pgCtl(primary, clone, "stop", "-w", "-m", "immediate");
        return clone;
    }

    private static void pgCtl(EmbeddedPostgres primary, Path directory, String verb, String... options) {
        List<String> line = new ArrayList<>(
                List.of(primary.binDirectory().resolve("pg_ctl").toString(), verb, "-s", "-D", directory.toString()));
        line.addAll(List.of(options));
        Account.run(Account.asServer(line), Map.of("LC_ALL", "C"));
    }
}
