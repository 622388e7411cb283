package dev.understudy.engine.journal;

import dev.understudy.engine.Outcome;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The state directory: every run on this machine, {@code runs/<RUN>/}. Thread-safe. */
public final class Runs {
    /** The playbook as read, beside the journal, secrets removed. */
    public static final String PLAYBOOK_FILE = "playbook.yaml";

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern NAME = Pattern.compile("[0-9]{8}T[0-9]{6}Z-[A-Za-z0-9_.-]{1,64}-[0-9a-f]{4}");

    private final Path directory;
    private final Clock clock;
    private final ProcessInfo process;

    /** @param directory the state directory; made when the first run is */
    public Runs(Path directory, Clock clock, ProcessInfo process) {
        this.directory = directory;
        this.clock = clock;
        this.process = process;
    }

    /**
     * The account's own: {@code $UNDERSTUDY_STATE}, else {@code $XDG_STATE_HOME/understudy}, else
     * {@code ~/.local/state/understudy}.
     */
    public static Path defaultDirectory(Map<String, String> environment) {
        return StateDirectory.locate(environment, Path.of(System.getProperty("user.home", "/")));
    }

    /**
     * Makes a run and takes its locks; {@code run-started} is its journal's first line.
     *
     * @throws UnderstudyException {@link ErrorCode#RUN_ALIVE} if a live process works on the same target,
     *     {@link ErrorCode#STATE_DIRECTORY_UNUSABLE}
     */
    public OpenRun create(RunHeader header) {
        return create(header, run -> TargetHold.NONE);
    }

    /**
     * The same, with a further lock on the target, which is asked for by the run's name before the journal is begun.
     *
     * @param targetLock throws {@link ErrorCode#RUN_ALIVE} if somebody else has it; given back with the run
     */
    public OpenRun create(RunHeader header, Function<String, ? extends TargetHold> targetLock) {
        StateDirectory.makeDirectories(runs());
        Instant now = clock.instant();
        Path own = makeRunDirectory(header.playbook(), now);
        String name = own.getFileName().toString();
        List<AutoCloseable> locks = new ArrayList<>();
        try {
            locks.add(lockTarget(header.target(), name));
            locks.add(targetLock.apply(name));
            locks.add(0, FileLocks.take(lockFile(own), quoted(name), name));
            return started(own, header, now, locks);
        } catch (UnderstudyException e) {
            Closing.all(() -> {}, locks);
            removeEmpty(own, e);
            throw e;
        }
    }

    private OpenRun started(Path own, RunHeader header, Instant now, List<AutoCloseable> locks) {
        String name = own.getFileName().toString();
        StateDirectory.writeFile(own.resolve(PLAYBOOK_FILE), header.playbookText());
        Journal journal = Journal.create(own.resolve(Journal.FILE_NAME));
        JournalEvent.RunStarted started = new JournalEvent.RunStarted(
                now,
                name,
                header.playbook(),
                header.parameters(),
                header.withheld(),
                header.target(),
                header.steps(),
                header.goal(),
                process.pid(),
                process.host(),
                process.version(),
                PlaybookCopy.digest(header.playbookText()));
        journal.append(started);
        return new OpenRun(name, own, journal, List.of(started), process, locks, what -> claim(what, name));
    }

    private static String quoted(String run) {
        return "run \"" + run + "\"";
    }

    /**
     * Opens an earlier run to go on with it, and takes its locks.
     *
     * @throws UnderstudyException {@link ErrorCode#RUN_UNKNOWN}, {@link ErrorCode#RUN_ALIVE},
     *     {@link ErrorCode#JOURNAL_DAMAGED}, {@link ErrorCode#STATE_DIRECTORY_UNUSABLE}
     */
    public OpenRun open(String name) {
        Path own = existing(name);
        FileLocks.Held lock = FileLocks.take(lockFile(own), quoted(name), name);
        try {
            return openLocked(name, own, lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private OpenRun openLocked(String name, Path own, FileLocks.Held lock) {
        Path file = own.resolve(Journal.FILE_NAME);
        List<JournalEvent> past = events(file);
        FileLocks.Held target = lockTarget(RunState.of(past).start().target(), name);
        try {
            return new OpenRun(
                    name, own, Journal.open(file), past, process, List.of(lock, target), what -> claim(what, name));
        } catch (RuntimeException e) {
            target.close();
            throw e;
        }
    }

    /** All runs, newest first. A run whose journal cannot be read is listed with its problem. */
    public List<RunSummary> list() {
        if (!Files.exists(runs())) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(runs())) {
            return entries.filter(entry ->
                            NAME.matcher(entry.getFileName().toString()).matches())
                    .filter(Runs::hasBegun)
                    .map(this::summary)
                    .sorted(Comparator.comparing(RunSummary::run).reversed())
                    .toList();
        } catch (IOException e) {
            throw StateDirectory.unusable("could not read", runs(), e);
        }
    }

    /** A crash can come before the journal's first line; then nothing was done either, and there is nothing to list. */
    private static boolean hasBegun(Path own) {
        return own.resolve(Journal.FILE_NAME).toFile().length() > 0;
    }

    private RunSummary summary(Path own) {
        String name = own.getFileName().toString();
        try {
            RunState state = state(name);
            JournalEvent.RunStarted start = state.start();
            return new RunSummary(name, start.playbook(), state.outcome(), start.at(), start.target(), "");
        } catch (UnderstudyException e) {
            Instant started = Instant.from(STAMP.parse(name.substring(0, name.indexOf('-'))));
            return new RunSummary(name, "", Outcome.INTERRUPTED, started, "", e.message());
        }
    }

    /**
     * What is known of a run; {@link Outcome#RUNNING} while a live process holds it.
     *
     * @throws UnderstudyException {@link ErrorCode#RUN_UNKNOWN}, {@link ErrorCode#JOURNAL_DAMAGED},
     *     {@link ErrorCode#STATE_DIRECTORY_UNUSABLE}
     */
    public RunState state(String name) {
        Path own = existing(name);
        // The holder is looked for first: a run that ends in between is then seen with its last line.
        boolean held = FileLocks.findHolder(lockFile(own)).isPresent();
        RunState state = RunState.of(events(own.resolve(Journal.FILE_NAME)));
        return held && !state.isFinished() ? state.running() : state;
    }

    /** The playbook as read, without secrets. */
    public String playbookText(String name) {
        Path file = existing(name).resolve(PLAYBOOK_FILE);
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw StateDirectory.unusable("could not read", file, e);
        }
    }

    /** A run's directory; whether there is one is not looked at. */
    public Path directory(String name) {
        return runs().resolve(name);
    }

    private Path existing(String name) {
        Path own = NAME.matcher(name).matches() ? directory(name) : runs();
        if (own.equals(runs()) || !Files.isDirectory(own)) {
            throw UnderstudyException.of(ErrorCode.RUN_UNKNOWN, "there is no run \"%s\" in \"%s\"", name, directory)
                    .hint("See them all with: understudy runs")
                    .build();
        }
        return own;
    }

    private static List<JournalEvent> events(Path file) {
        List<JournalEvent> events = Journal.read(file);
        if (events.isEmpty()) {
            throw UnderstudyException.of(ErrorCode.JOURNAL_DAMAGED, "journal \"%s\" is empty", file)
                    .detail("The run ended before it did anything.")
                    .build();
        }
        return events;
    }

    private Path makeRunDirectory(String playbook, Instant now) {
        String slug = playbook.replaceAll("[^A-Za-z0-9_.-]", "_");
        String base = STAMP.format(now) + "-" + slug.substring(0, Math.min(64, slug.length())) + "-";
        while (true) {
            Path own = runs().resolve(
                            base + "%04x".formatted(ThreadLocalRandom.current().nextInt(0x10000)));
            try {
                StateDirectory.makeDirectory(own);
                return own;
            } catch (FileAlreadyExistsException e) {
                // Another run of the same second drew the same number: draw again.
                continue;
            } catch (IOException e) {
                throw StateDirectory.unusable("cannot make directory", own, e);
            }
        }
    }

    private static void removeEmpty(Path own, UnderstudyException reason) {
        try {
            Files.deleteIfExists(lockFile(own));
            Files.delete(own);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private FileLocks.Held lockTarget(String target, String run) {
        return lock("targets", target, "target \"" + target + "\"", run);
    }

    private FileLocks.Held claim(String what, String run) {
        return lock("claims", what, what, run);
    }

    private FileLocks.Held lock(String kind, String name, String what, String run) {
        Path locks = directory.resolve(kind);
        StateDirectory.makeDirectories(locks);
        return FileLocks.take(locks.resolve(digest(name) + ".lock"), what, run);
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static Path lockFile(Path own) {
        return own.resolve("lock");
    }

    private Path runs() {
        return directory.resolve("runs");
    }
}
