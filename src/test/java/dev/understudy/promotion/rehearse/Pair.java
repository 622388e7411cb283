package dev.understudy.promotion.rehearse;

import dev.understudy.engine.journal.RunState;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Ledger;
import dev.understudy.testing.RunFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A primary under load and the standby of it that is rehearsed with. */
final class Pair implements AutoCloseable {
    private final EmbeddedPostgres primary;
    private final Ledger ledger;
    private final BuiltStandby standby;

    private Pair(EmbeddedPostgres primary, Ledger ledger, BuiltStandby standby) {
        this.primary = primary;
        this.ledger = ledger;
        this.standby = standby;
    }

    /** Builds it. */
    static Pair of(EmbeddedPostgres.Builder builder, ServerMajor major, Path state) {
        return of(builder, major, state, null);
    }

    /** @param directory the standby's; null for one of the server's own */
    static Pair of(EmbeddedPostgres.Builder builder, ServerMajor major, Path state, @Nullable Path directory) {
        EmbeddedPostgres primary = builder.start();
        Ledger ledger = Ledger.create(primary.jdbcUrl(), "").start();
        Path data = directory == null ? primary.scratch("standby").resolve("data") : directory;
        RunState run = new RunFixture(state)
                .prove(
                        "standby",
                        Map.of(
                                "primary", primary.conninfo(),
                                "primary_host", "local",
                                "data_directory", data.toString(),
                                "bin_directory", primary.binDirectory().toString(),
                                "socket_directory", primary.socketDirectory().toString()));
        return new Pair(primary, ledger, BuiltStandby.of(run, major, data));
    }

    EmbeddedPostgres primary() {
        return primary;
    }

    Ledger ledger() {
        return ledger;
    }

    BuiltStandby standby() {
        return standby;
    }

    String conninfo() {
        return "host=127.0.0.1 user=postgres dbname=postgres port=" + standby.port();
    }

    /** Waits until the standby has replayed all that the primary has written, and makes it write its pages to disk. */
    void flush() {
        primary.execute("CHECKPOINT");
        boolean modern = primary.major().isAtLeast(ServerMajor.V10);
        String now = primary.query(
                "SELECT %s::text".formatted(modern ? "pg_current_wal_lsn()" : "pg_current_xlog_location()"));
        String replayed = modern ? "pg_last_wal_replay_lsn()" : "pg_last_xlog_replay_location()";
        Awaitility.await("replay up to " + now)
                .atMost(Duration.ofSeconds(60))
                .until(() -> "t".equals(standby.query("SELECT %s >= '%s'::pg_lsn".formatted(replayed, now))));
        standby.execute("CHECKPOINT");
    }

    /** A file of a relation on the standby. */
    Path file(String relation) {
        return standby.dataDirectory()
                .resolve(java.util.Objects.requireNonNull(
                        standby.query("SELECT pg_relation_filepath('" + relation + "')")));
    }

    /** What a rehearsal of it is told. */
    Map<String, String> parameters(Path scratch) {
        Map<String, String> parameters = new TreeMap<>();
        parameters.put("standby", conninfo());
        parameters.put("data_directory", standby.dataDirectory().toString());
        parameters.put("scratch", scratch.toString());
        parameters.put("bin_directory", primary.binDirectory().toString());
        return parameters;
    }

    @Override
    public void close() {
        ledger.close();
        standby.close();
        primary.close();
    }
}
