package dev.understudy.provision.control;

import dev.understudy.host.Command;
import dev.understudy.host.Host;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What {@code postmaster.pid} says of the server that runs, or ran, in a data directory.
 *
 * @param pid process id of the postmaster
 * @param startSeconds when it was started, seconds since 1970; 0 where the file does not tell
 * @param port port it was started with; 0 where the file does not tell
 * @param socketDirectory first Unix socket directory, empty if none
 */
public record PostmasterFile(long pid, long startSeconds, int port, String socketDirectory) {
    private static final int LIMIT = 8192;
    private static final int START_SECONDS = 2;

    /** A server notes its start in the file at once, and for SQL once it has its shared memory, which may be large. */
    private static final int LONGEST_START_SECONDS = 120;

    /** Lines: pid, data directory, start time, port, socket directory, listen address, shared memory key, status. */
    static Optional<PostmasterFile> parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.get(0).strip().matches("-?\\d{1,9}")) {
            return Optional.empty();
        }
        long pid = Math.abs(Long.parseLong(lines.get(0).strip()));
        int port = lines.size() > 3 && lines.get(3).strip().matches("\\d{1,5}")
                ? Integer.parseInt(lines.get(3).strip())
                : 0;
        long start = lines.size() > 2 && lines.get(2).strip().matches("\\d{1,18}")
                ? Long.parseLong(lines.get(2).strip())
                : 0;
        return Optional.of(new PostmasterFile(
                pid, start, port, lines.size() > 4 ? lines.get(4).strip() : ""));
    }

    /** Reads the file; empty if there is none. */
    public static Optional<PostmasterFile> read(Host host, String dataDirectory) {
        String path = dataDirectory + "/postmaster.pid";
        if (host.files().status(path).isEmpty()) {
            return Optional.empty();
        }
        return parse(new String(host.files().read(path, LIMIT), StandardCharsets.UTF_8));
    }

    /** The file of a server that works in the directory now. */
    public static Optional<PostmasterFile> findRunning(Host host, String dataDirectory) {
        return read(host, dataDirectory).filter(postmaster -> postmaster.isAlive(host, dataDirectory));
    }

    /**
     * Whether this is the server that gives this {@code pg_postmaster_start_time()}: the two are taken at different
     * moments of its start, the file's first. Source: {@code MyStartTime} in {@code src/backend/main/main.c} and
     * {@code PgStartTime} in {@code src/backend/postmaster/postmaster.c}.
     */
    public boolean wasStartedAt(Instant moment) {
        long laterSeconds = moment.getEpochSecond() - startSeconds;
        return -START_SECONDS <= laterSeconds && laterSeconds <= LONGEST_START_SECONDS;
    }

    /** Whether the process lives and works in that data directory, rather than having inherited a number. */
    public boolean isAlive(Host host, String dataDirectory) {
        String script = "kill -0 \"$1\" 2>/dev/null || [ -d \"/proc/$1\" ] || exit 1; "
                + "[ ! -e \"/proc/$1/cwd\" ] || [ \"/proc/$1/cwd\" -ef \"$2\" ]";
        return host.run(Command.shell(script, Long.toString(pid), dataDirectory).asLook())
                .succeeded();
    }
}
