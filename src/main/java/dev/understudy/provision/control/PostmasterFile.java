package dev.understudy.provision.control;

import dev.understudy.host.Command;
import dev.understudy.host.Host;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What {@code postmaster.pid} says of the server that runs, or ran, in a data directory.
 *
 * @param pid process id of the postmaster
 * @param startEpochSeconds when it started, in seconds since 1970 UTC by its own clock; 0 where the file does not tell
 * @param port port it was started with; 0 where the file does not tell
 * @param socketDirectory first Unix socket directory, empty if none
 */
public record PostmasterFile(long pid, long startEpochSeconds, int port, String socketDirectory) {
    private static final int LIMIT = 8192;

    /** Lines: pid, data directory, start time, port, socket directory, listen address, shared memory key, status. */
    static Optional<PostmasterFile> parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.get(0).strip().matches("-?\\d{1,9}")) {
            return Optional.empty();
        }
        long pid = Math.abs(Long.parseLong(lines.get(0).strip()));
        return Optional.of(new PostmasterFile(
                pid,
                number(lines, 2, Long.MAX_VALUE),
                (int) number(lines, 3, 65535),
                lines.size() > 4 ? lines.get(4).strip() : ""));
    }

    private static long number(List<String> lines, int index, long most) {
        String text = lines.size() > index ? lines.get(index).strip() : "";
        long value = text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
        return value <= most ? value : 0;
    }

    /** Reads the file; empty if there is none. */
    public static Optional<PostmasterFile> read(Host host, String dataDirectory) {
        String path = dataDirectory + "/postmaster.pid";
        if (host.files().status(path).isEmpty()) {
            return Optional.empty();
        }
        return parse(new String(host.files().read(path, LIMIT), StandardCharsets.UTF_8));
    }

    /** Whether the process lives and works in that data directory, rather than having inherited a number. */
    public boolean isAlive(Host host, String dataDirectory) {
        String script = "kill -0 \"$1\" 2>/dev/null || [ -d \"/proc/$1\" ] || exit 1; "
                + "[ ! -e \"/proc/$1/cwd\" ] || [ \"/proc/$1/cwd\" -ef \"$2\" ]";
        return host.run(Command.shell(script, Long.toString(pid), dataDirectory))
                .succeeded();
    }
}
