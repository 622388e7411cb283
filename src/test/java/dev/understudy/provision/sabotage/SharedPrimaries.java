package dev.understudy.provision.sabotage;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One primary a major, started when it is first asked for, with a little of everything that can be copied wrong. */
final class SharedPrimaries implements AutoCloseable {
    /** Queries whose answers a right copy gives as the primary does. */
    static final List<String> SUMS = List.of(
            "SELECT count(*) || ' ' || sum(id) || ' ' || sum(length(note)) FROM orders",
            "SELECT count(*) || ' ' || sum(n) FROM elsewhere",
            "SELECT sum(n) FROM counter");

    private final Map<ServerMajor, EmbeddedPostgres> primaries = new TreeMap<>();
    private int scenes;

    /** A place for one run of a major. */
    Scene scene(ServerMajor major) {
        EmbeddedPostgres primary = primaries.computeIfAbsent(major, SharedPrimaries::start);
        scenes++;
        return new Scene(primary, primary.scratch("scene-" + scenes));
    }

    Path tablespace(EmbeddedPostgres primary) {
        return primary.scratch("tablespace");
    }

    /** Drops the slot and the files of a standby that was proven and is stopped now. */
    void clear(Scene scene) throws IOException {
        scene.primary()
                .execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active");
        for (Path root : List.of(scene.target(), scene.tablespace())) {
            if (Files.exists(root)) {
                try (Stream<Path> paths = Files.walk(root)) {
                    for (Path path :
                            paths.sorted((one, other) -> other.compareTo(one)).toList()) {
                        Files.delete(path);
                    }
                }
            }
        }
    }

    private static EmbeddedPostgres start(ServerMajor major) {
        EmbeddedPostgres primary = EmbeddedPostgres.of(major)
                .withChecksums()
                .withSetting("autovacuum", "off")
                .start();
        if (major.isAtLeast(ServerMajor.V10)) {
            primary.execute("CREATE EXTENSION amcheck");
        }
        // Two databases less to copy, to look at and to remove in each of the many runs.
        primary.execute(
                "UPDATE pg_database SET datistemplate = false", "DROP DATABASE template0", "DROP DATABASE template1");
        primary.execute(
                "CREATE TABLE orders AS SELECT n AS id, 1000 - n AS backwards, repeat('n', 100) AS note"
                        + " FROM generate_series(1, 300) AS n",
                "CREATE INDEX orders_id ON orders (id)",
                "CREATE INDEX orders_backwards ON orders (backwards)",
                "CREATE TABLE counter AS SELECT 0 AS n",
                "CREATE UNLOGGED TABLE passing AS SELECT generate_series(1, 100) AS n",
                "CREATE TABLESPACE archive LOCATION '" + primary.scratch("tablespace") + "'",
                "CREATE TABLE elsewhere TABLESPACE archive AS SELECT generate_series(1, 300) AS n",
                "CHECKPOINT");
        return primary;
    }

    @Override
    public void close() {
        primaries.values().forEach(EmbeddedPostgres::close);
    }
}
