package dev.understudy.promotion.rehearse;

import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.FileStatus;
import dev.understudy.host.RunningCommand;
import dev.understudy.pgfile.wal.TimelineHistory;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.site.PrimarySite;
import dev.understudy.provision.site.ServerPaths;
import dev.understudy.provision.site.Site;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Copies the standby's WAL, from where replay of the copy begins on, before the standby can recycle it: all of it at first,
 * and each time again what was received since. No slot is needed for that, and nothing on the standby changes.
 */
final class WalHolder implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofHours(1);
    private static final int BATCH = 500;

    /**
     * {@code $1} the standby's WAL directory, {@code $2} ours, then names. A segment that is recycled while it is copied
     * gets another name, and is left out: one that is still needed has been copied before.
     */
    private static final String COPY = """
            s=$1; d=$2
            shift 2
            for n; do
                i=$(stat -c %i -- "$s/$n" 2>/dev/null) || continue
                if ! cp -p --reflink=auto -- "$s/$n" "$d/.part"; then
                    [ ! -e "$s/$n" ] || exit 1
                    continue
                fi
                if [ "$(stat -c %i -- "$s/$n" 2>/dev/null)" = "$i" ]; then mv -f -- "$d/.part" "$d/$n"; fi
            done
            rm -f -- "$d/.part"
            """;

    private final PrimarySite standby;
    private final Reach reach;
    private final Home home;
    private final ServerPaths paths;
    private final boolean oneMachine;
    private final Lsn start;
    private final WalSegmentSize size;
    private final Set<String> complete = new TreeSet<>();

    private WalHolder(Site site, ServerPaths paths, Lsn start, WalSegmentSize size) {
        this.standby = site.primary();
        this.reach = new Reach(site);
        this.home = new Home(site.target());
        this.paths = paths;
        this.oneMachine = reach.isOneMachine(paths.dataDirectory());
        this.start = start;
        this.size = size;
    }

    /** For the backup that the run holds. */
    static WalHolder of(Site site, StepContext context) {
        try (Session session = site.primary().open()) {
            return new WalHolder(
                    site,
                    ServerPaths.of(session),
                    context.facts().lsn(StartBackup.START_LSN),
                    new WalSegmentSize(Integer.parseInt(context.facts().get(StartBackup.SEGMENT_SIZE))));
        }
    }

    /**
     * Copies what is not held yet.
     *
     * @return up to where all is held: what the standby had received when this began
     */
    synchronized Lsn hold() {
        Lsn end;
        try (Session session = standby.open()) {
            end = SourceStandby.end(new ServerFacts(session).positions()).orElse(start);
        }
        List<String> wanted = reach.standbyHost().files().list(paths.walDirectory() + "/").stream()
                .filter(FileStatus::isFile)
                .map(FileStatus::path)
                .filter(name -> isWanted(name, end))
                .filter(name -> !complete.contains(name))
                .sorted()
                .toList();
        for (int from = 0; from < wanted.size(); from += BATCH) {
            copy(wanted.subList(from, Math.min(wanted.size(), from + BATCH)));
        }
        complete.addAll(held().stream().filter(name -> isComplete(name, end)).toList());
        return end;
    }

    private boolean isWanted(String name, Lsn end) {
        if (TimelineHistory.timelineOf(name).isPresent()) {
            return true;
        }
        return WalSegment.isName(name)
                && Long.compareUnsigned(number(name), size.segmentNumber(start)) >= 0
                && Long.compareUnsigned(number(name), size.segmentNumber(end)) <= 0;
    }

    /** Nothing more comes into a segment that lies before the end; the last one is copied each time. */
    private boolean isComplete(String name, Lsn end) {
        return !WalSegment.isName(name) || Long.compareUnsigned(number(name), size.segmentNumber(end)) < 0;
    }

    private long number(String name) {
        return WalSegment.parse(name, size).number();
    }

    private void copy(List<String> names) {
        if (oneMachine) {
            List<String> arguments =
                    new ArrayList<>(List.of("/bin/sh", "-c", COPY, "sh", paths.walDirectory(), home.wal()));
            arguments.addAll(names);
            reach.copyHost()
                    .run(Reach.gently(Command.of(arguments))
                            .withEnvironment("LC_ALL", "C")
                            .withLimit(LIMIT))
                    .orThrow();
        } else {
            names.forEach(this::relay);
        }
    }

    private void relay(String name) {
        String part = home.wal() + "/.part";
        try (RunningCommand writer = reach.copyHost()
                .start(Command.shell("umask 077; exec cat > \"$1\"", part).withLimit(LIMIT))) {
            boolean read;
            try (OutputStream output = writer.input()) {
                read = reach.standbyHost()
                        .run(
                                Command.of("cat", "--", paths.walDirectory() + "/" + name)
                                        .withLimit(LIMIT),
                                output)
                        .succeeded();
            }
            writer.await(LIMIT).orThrow();
            boolean there = reach.standbyHost()
                    .files()
                    .status(paths.walDirectory() + "/" + name)
                    .isPresent();
            if (read && there) {
                reach.copyHost().files().replace(part, home.wal() + "/" + name);
            }
        } catch (IOException e) {
            throw UnderstudyException.of(ErrorCode.FILE_IO, "could not copy WAL segment \"%s\"", name)
                    .detail("%s", e.toString())
                    .cause(e)
                    .build();
        }
    }

    private List<String> held() {
        return reach.copyHost().files().list(home.wal()).stream()
                .map(FileStatus::path)
                .filter(name -> !name.startsWith("."))
                .toList();
    }

    /**
     * Whether nothing is missing between the start and an end.
     *
     * @throws UnderstudyException {@link ErrorCode#BACKUP_ABORTED}, which begins the backup anew
     */
    void requireAll(Lsn end) {
        Set<Long> held =
                held().stream().filter(WalSegment::isName).map(this::number).collect(Collectors.toSet());
        long first = size.segmentNumber(start);
        long last = size.segmentNumber(end.plus(-1));
        LongStream.rangeClosed(first, last)
                .filter(number -> !held.contains(number))
                .findFirst()
                .ifPresent(number -> {
                    throw UnderstudyException.of(
                                    ErrorCode.BACKUP_ABORTED,
                                    "the standby recycled a WAL segment before it could be copied")
                            .detail(
                                    "Missing is the one that begins at %s; the copy needs all from %s to %s.",
                                    new WalSegment(new TimelineId(1), number, size).start(), start, end)
                            .hint("Raise max_wal_size or wal_keep_size on the standby if this goes on.")
                            .build();
                });
    }

    /** The newest timeline among what is held. */
    TimelineId newestTimeline() {
        return held().stream()
                .filter(WalSegment::isName)
                .map(name -> WalSegment.parse(name, size).timeline())
                .max(Comparator.naturalOrder())
                .orElseThrow(() -> UnderstudyException.of(ErrorCode.BACKUP_ABORTED, "no WAL of the standby is held")
                        .build());
    }

    /** For people. */
    String describe(Lsn end) {
        return "WAL from %s to %s is held, %d segments"
                .formatted(
                        start, end, held().stream().filter(WalSegment::isName).count());
    }

    /** Nothing is open between the looks. */
    @Override
    public void close() {
        complete.clear();
    }
}
