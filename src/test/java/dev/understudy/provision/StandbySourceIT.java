package dev.understudy.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.journal.RunState;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Ledger;
import dev.understudy.testing.RunFixture;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A standby built from a standby: the source writes no end of a backup, and has recovery settings of its own. */
final class StandbySourceIT {
    @ParameterizedTest
    @CsvSource({"9.6,local", "11,sql", "14,local", "18,sql"})
    void aStandbyIsProvenAndFollowsTheOneThatItWasBuiltFrom(String version, String route, @TempDir Path state) {
        ServerMajor major = ServerMajor.parse(version);
        try (EmbeddedPostgres primary =
                        EmbeddedPostgres.of(major).withChecksums().start();
                Ledger ledger = Ledger.create(primary.jdbcUrl(), "").start()) {
            Path middle = primary.scratch("middle").resolve("standby");
            RunState first =
                    new RunFixture(state).prove("standby", parameters(primary, primary.conninfo(), "local", middle));
            try (BuiltStandby source = BuiltStandby.of(first, major, middle)) {
                String conninfo = "host=127.0.0.1 user=postgres dbname=postgres port=" + source.port();
                Path last = primary.scratch("last").resolve("standby");
                RunState second = new RunFixture(state).prove("standby", parameters(primary, conninfo, route, last));
                try (BuiltStandby standby = BuiltStandby.of(second, major, last)) {
                    follows(source, standby, second);
                    ledger.requireRunning();
                }
            }
        }
    }

    private static Map<String, String> parameters(
            EmbeddedPostgres primary, String conninfo, String route, Path directory) {
        return Map.of(
                "primary",
                conninfo,
                "primary_host",
                route.equals("sql") ? "none" : "local",
                "via",
                route,
                "data_directory",
                directory.toString(),
                "bin_directory",
                primary.binDirectory().toString(),
                "socket_directory",
                primary.socketDirectory().toString(),
                "slot",
                "of_" + directory.getParent().getFileName());
    }

    private static void follows(BuiltStandby source, BuiltStandby standby, RunState run) {
        Ledger.Reading reading = Ledger.read(standby.jdbcUrl(), standby.major()).requireRight();
        assertThat(reading.replayed().orElseThrow())
                .isGreaterThanOrEqualTo(Lsn.parse(run.facts().get("stop_lsn")));
        assertThat(source.query("SELECT slot_name || ' ' || active FROM pg_replication_slots"))
                .isEqualTo("of_last true");
        assertThat(source.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'understudy'"))
                .isEqualTo("0");
    }
}
