package dev.understudy.benchmark.rival;

import dev.understudy.benchmark.Program;
import dev.understudy.benchmark.Yard;
import dev.understudy.testing.Account;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A pgBackRest repository on this machine, set up to be quick: a process for each processor, small files in bundles, lz4,
 * a fast checkpoint, and no waiting for archived WAL, since a standby has its WAL from the primary.
 */
final class PgBackRest {
    private final Yard yard;
    private final Path room;

    PgBackRest(Yard yard) {
        this.yard = yard;
        this.room = yard.room("peer");
    }

    /** An empty repository. */
    void make() {
        yard.serverRoom("peer");
        try {
            Files.write(
                    room.resolve("pgbackrest.conf"),
                    List.of(
                            "[global]",
                            "repo1-path=" + room.resolve("repository"),
                            "repo1-bundle=y",
                            "repo1-retention-full=1",
                            "log-path=" + room,
                            "log-level-file=off",
                            "log-level-console=error",
                            "lock-path=" + room.resolve("lock"),
                            "spool-path=" + room.resolve("spool"),
                            "process-max=" + Runtime.getRuntime().availableProcessors(),
                            "compress-type=lz4",
                            "start-fast=y",
                            "archive-check=n",
                            "[benchmark]",
                            "pg1-path=" + yard.cluster().dataDirectory(),
                            "pg1-port=" + yard.cluster().port(),
                            "pg1-socket-path=" + yard.cluster().socketDirectory(),
                            "pg1-user=postgres"));
            Files.createDirectory(restored());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Account.run(List.of("chmod", "0700", restored().toString()), Map.of());
        Account.give(room);
        run("stanza-create");
    }

    Program.Ran backup(String type) {
        return run("backup", "--type=" + type);
    }

    Program.Ran restore(String... options) {
        List<String> all = new ArrayList<>(List.of("--pg1-path=" + restored(), "--type=standby"));
        all.addAll(List.of(options));
        return run("restore", all.toArray(String[]::new));
    }

    void clear() {
        yard.clear(room);
    }

    void clearRestored() {
        Account.run(List.of("find", restored().toString(), "-mindepth", "1", "-delete"), Map.of());
    }

    private Path restored() {
        return room.resolve("restored");
    }

    private Program.Ran run(String verb, String... options) {
        yard.settle();
        List<String> line = new ArrayList<>(
                List.of("pgbackrest", "--config=" + room.resolve("pgbackrest.conf"), "--stanza=benchmark", verb));
        line.addAll(List.of(options));
        return yard.program().run(Account.asServer(line));
    }
}
