package dev.understudy.doctor.facts;

import dev.understudy.postgres.Known;
import dev.understudy.postgres.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What postmaster.pid says, and what is true of it.
 *
 * @param pid process id in the file
 * @param port port in the file, 0 if it does not tell
 * @param startedAt when the server was started, to a second; empty if the file does not tell
 * @param alive whether there is a process of that number
 * @param ours whether that process works in this data directory
 * @param command what that process is, empty if it could not be told
 * @param status last line of the file: {@code starting}, {@code standby}, {@code ready}; empty before 10
 * @param children titles of the server's processes, which say what recovery and the WAL receiver do
 */
public record ServerProcess(
        long pid,
        int port,
        Optional<Instant> startedAt,
        boolean alive,
        boolean ours,
        String command,
        String status,
        Known<List<String>> children) {
    /**
     * The titles that tell; up to 9.6 with the word {@code process} in them.
     *
     * <p>Source: {@code XLogFileRead} in {@code xlogrecovery.c} ({@code xlog.c} before 15) and {@code XLogWalRcvFlush} in
     * {@code walreceiver.c}.
     */
    private static final Pattern WAITING = Pattern.compile("startup(?: process)? +waiting for ([0-9A-F]{24})");

    private static final Pattern NEEDED =
            Pattern.compile("startup(?: process)? +(?:waiting for|recovering) ([0-9A-F]{24})");

    private static final Pattern STREAMING =
            Pattern.compile("wal ?receiver(?: process)? +streaming ([0-9A-F]{1,8}/[0-9A-F]{1,8})");

    /** Whether the directory's own server runs. */
    public boolean isOurs() {
        return alive && ours;
    }

    /** The segment that recovery waits for by its title; empty if it waits for none, or the titles are not known. */
    public Optional<String> awaitedSegment() {
        return first(WAITING);
    }

    /** The segment that recovery waits for or has come to, which it may have begun to receive before. */
    public Optional<String> neededSegment() {
        return first(NEEDED);
    }

    /** The location up to which the WAL receiver has streamed by its title. */
    public Optional<Lsn> streamedTo() {
        return first(STREAMING).map(Lsn::parse);
    }

    private Optional<String> first(Pattern pattern) {
        return children.orElse(List.of()).stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .findFirst();
    }
}
