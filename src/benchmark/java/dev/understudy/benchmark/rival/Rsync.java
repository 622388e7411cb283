package dev.understudy.benchmark.rival;

import dev.understudy.benchmark.Program;
import dev.understudy.benchmark.Yard;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A base backup by hand: rsync over SSH between pg_backup_start and pg_backup_stop, then {@code sync -f}. */
final class Rsync {
    private final Yard yard;

    Rsync(Yard yard) {
        this.yard = yard;
    }

    /** Makes {@code target} a copy of the primary; sends what differs by size or time if it is one already. */
    Program.Ran copy(Path target) {
        yard.settle();
        long begun = System.nanoTime();
        try (Connection session = yard.cluster().connect();
                Statement statement = session.createStatement()) {
            statement.execute("SELECT pg_backup_start('rsync', true)");
            Program.Ran ran = yard.program()
                    .run(List.of(
                            "rsync",
                            "-a",
                            "--delete",
                            "-e",
                            yard.sshCommand(),
                            "--exclude=/pg_wal/*",
                            "--exclude=/postmaster.pid",
                            "--exclude=/postmaster.opts",
                            "%s:%s/".formatted(yard.sshHost(), yard.cluster().dataDirectory()),
                            target + "/"));
            statement.execute("SELECT labelfile FROM pg_backup_stop(false)");
            yard.program().run(List.of("sync", "-f", target.toString()));
            return ran.lasting((System.nanoTime() - begun) / 1e9);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
