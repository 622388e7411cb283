package dev.understudy.doctor.log;

import dev.understudy.testing.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * The process of a server that writes its log files. It outlives the postmaster: what others have written last it still has
 * to read from its pipe and to write into each of the formats, when {@code pg_ctl stop} has long returned.
 */
final class Collector {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Collector() {}

    /** Ends a server, and waits until all that it said is in its files. */
    static void end(EmbeddedPostgres server, Runnable stop) {
        List<ProcessHandle> collectors = ProcessHandle.of(server.pid())
                .map(postmaster ->
                        postmaster.children().filter(Collector::isCollector).toList())
                .orElse(List.of());
        if (collectors.size() != 1) {
            throw new IllegalStateException("collectors of the server: " + collectors);
        }
        stop.run();
        Awaitility.await("the end of the log's collector")
                .atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .until(() -> isGone(collectors.get(0).pid()));
    }

    /** By its title: {@code postgres: logger}, up to 10 with {@code process} behind it. */
    private static boolean isCollector(ProcessHandle process) {
        Path title = Path.of("/proc", Long.toString(process.pid()), "cmdline");
        try {
            return Files.readString(title).contains(": logger");
        } catch (IOException e) {
            // A backend that ended meanwhile.
            return false;
        }
    }

    /** Nobody may have waited for it yet. */
    private static boolean isGone(long pid) {
        Path status = Path.of("/proc", Long.toString(pid), "stat");
        try {
            return !Files.exists(status) || Files.readString(status).contains(") Z ");
        } catch (java.nio.file.NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
