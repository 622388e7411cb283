package dev.understudy.provision.copy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.host.HostFiles;
import dev.understudy.provision.copy.OldContentsDifference.Entry;
import dev.understudy.transfer.files.TargetLayout;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What a directory held before it was seeded anew, so that abort can put it back byte for byte. Beside the directory:
 *
 * <pre>
 * DATADIR.set-aside-RUN/
 *     entries      every entry as it was: kind, mode, owner, size, time
 *     moved/       what the primary does not have
 *     kept/        what was changed, as it was; copied before the first change, by reference where the file system can
 *     before/      settings and control file, to be looked at later
 * </pre>
 *
 * <p>All of it is done by the target's own machine. Each part bears being cut short and repeated.
 */
final class OldContents {
    private static final Duration LIMIT = Duration.ofHours(24);
    private static final int AT_ONCE = 4 << 20;
    private static final int SHOWN = 5;

    private final Host host;
    private final TargetLayout layout;
    private final String directory;
    private final Map<String, Boolean> kept = new ConcurrentHashMap<>();

    /** @param directory {@code DATADIR.set-aside-RUN} */
    OldContents(Host host, TargetLayout layout, String directory) {
        this.host = host;
        this.layout = layout;
        this.directory = directory;
    }

    private HostFiles files() {
        return host.files();
    }

    private String entries() {
        return directory + "/entries";
    }

    /** Where what the primary does not have is moved to. */
    String moved() {
        return directory + "/moved";
    }

    private String kept() {
        return directory + "/kept";
    }

    /** Whether the directory can be put back; false before anything was changed, too. */
    boolean isThere() {
        return files().status(entries()).isPresent();
    }

    /**
     * Notes what is there, before anything of it is changed.
     *
     * @param all whether every file is kept now, rather than what is about to change
     * @param decisive relative paths of files that are kept in any case
     */
    void begin(boolean all, List<String> decisive) {
        files().createDirectories(directory, 0700);
        if (!isThere()) {
            list(entries());
        }
        if (all) {
            layout.roots()
                    .forEach((prefix, root) -> run(
                            "could not keep what is in",
                            root,
                            OldContentsScripts.KEEP_ALL,
                            rootArguments(prefix, root, kept())));
        }
        decisive.forEach(this::keep);
    }

    /** Moves the old WAL away, where new WAL is going to be received. */
    void moveWal() {
        String place = layout.walDirectory().orElse(layout.dataDirectory() + "/" + layout.walName());
        run(
                "could not set aside the WAL in",
                place,
                OldContentsScripts.MOVE_ALL,
                List.of(place, moved() + "/" + layout.walName(), directory + "/wal-moved"));
    }

    /** Keeps a file that is going to be changed, unless it is kept already. Safe for use by several threads. */
    void keep(String path) {
        kept.computeIfAbsent(path, this::keepNow);
    }

    private boolean keepNow(String path) {
        String prefix = prefix(path);
        String below = prefix.isEmpty() ? path : path.substring(prefix.length() + 1);
        String root = root(prefix);
        run(
                "could not keep \"" + path + "\" of",
                root,
                OldContentsScripts.KEEP,
                List.of(root, below, kept() + "/" + path));
        return true;
    }

    private String root(String prefix) {
        return Objects.requireNonNull(layout.roots().get(prefix));
    }

    private String prefix(String path) {
        return layout.links().keySet().stream()
                .filter(link -> path.startsWith(link + "/"))
                .findFirst()
                .orElse("");
    }

    /** Gives back the space, once the directory is another for good; what the primary did not have stays. */
    void forget() {
        files().deleteRecursively(kept());
        files().delete(entries());
        files().delete(directory + "/now");
        files().delete(directory + "/wal-moved");
    }

    /**
     * Puts everything back.
     *
     * @param isRuns whether the run made what was not there before; anything else stays
     * @return what stays
     * @throws UnderstudyException {@link ErrorCode#UNDO_INCOMPLETE} naming what is not as it was
     */
    List<String> putBack(Predicate<String> isRuns) {
        for (String stash : List.of(moved(), kept())) {
            layout.roots()
                    .forEach((prefix, root) -> run(
                            "could not put back what was in",
                            root,
                            OldContentsScripts.PUT_BACK,
                            rootArguments(prefix, root, stash)));
        }
        List<String> strange = new ArrayList<>();
        settle(isRuns, strange);
        requireAsItWas(strange);
        clear();
        return strange;
    }

    /** What a later attempt set aside a second time under a name is nothing of the old contents; it stays. */
    private void clear() {
        boolean more =
                files().list(directory).stream().anyMatch(entry -> entry.path().startsWith("moved."));
        if (!more) {
            files().deleteRecursively(directory);
            return;
        }
        forget();
        files().deleteRecursively(moved());
    }

    /** Removes what is new, and gives back mode and time; an error that is left is found by looking again. */
    private void settle(Predicate<String> isRuns, List<String> strange) {
        List<String> fresh = new ArrayList<>();
        Attributes attributes = new Attributes();
        compare(entry -> {
            if (entry.isNew()) {
                (isRuns.test(entry.path()) ? fresh : strange).add(entry.path());
            } else if (!entry.now().isEmpty() && entry.isOfAttributesAlone()) {
                attributes.add(entry);
            }
        });
        removeFresh(fresh, strange);
        attributes.flush();
    }

    private void removeFresh(List<String> fresh, List<String> strange) {
        ByteArrayOutputStream paths = new ByteArrayOutputStream();
        // Sorted: what is below a directory comes after it, and goes first.
        for (int i = fresh.size() - 1; i >= 0; i--) {
            String path = fresh.get(i);
            if (strange.stream().anyMatch(stays -> stays.startsWith(path + "/"))) {
                strange.add(path);
            } else {
                paths.writeBytes(absolute(path).getBytes(StandardCharsets.UTF_8));
                paths.write(0);
            }
        }
        CommandResult result =
                host.run(command(OldContentsScripts.REMOVE, List.of()).withInput(paths.toByteArray()));
        require(result, "could not remove what the run made in", layout.dataDirectory());
    }

    private void requireAsItWas(List<String> strange) {
        List<String> wrong = new ArrayList<>();
        Set<String> staying = Set.copyOf(strange);
        compare(entry -> {
            if (!(entry.isNew() && staying.contains(entry.path())) && wrong.size() < SHOWN) {
                wrong.add("\"%s\" was %s, is %s"
                        .formatted(
                                entry.path(),
                                entry.isNew() ? "missing" : entry.before(),
                                entry.now().isEmpty() ? "missing" : entry.now()));
            }
        });
        if (!wrong.isEmpty()) {
            throw UnderstudyException.of(ErrorCode.UNDO_INCOMPLETE, "\"%s\" is not as it was", layout.dataDirectory())
                    .detail("%s.", String.join("; ", wrong))
                    .hint("What was kept of it and could not be put back is in \"%s\".", directory)
                    .build();
        }
    }

    /** Modes and times on their way to the target's machine, many at once. */
    private final class Attributes {
        private final ByteArrayOutputStream input = new ByteArrayOutputStream();

        void add(Entry entry) {
            for (String word : List.of(entry.mode(), entry.modified(), absolute(entry.path()))) {
                input.writeBytes(word.getBytes(StandardCharsets.UTF_8));
                input.write(0);
            }
            if (input.size() > AT_ONCE) {
                flush();
            }
        }

        void flush() {
            CommandResult result = host.run(
                    command(OldContentsScripts.SET_ATTRIBUTES, List.of()).withInput(input.toByteArray()));
            require(result, "could not give modes and times back to", layout.dataDirectory());
            input.reset();
        }
    }

    private String absolute(String path) {
        String prefix = prefix(path);
        String root = root(prefix);
        if (path.equals(prefix)) {
            return root;
        }
        return root + "/" + (prefix.isEmpty() ? path : path.substring(prefix.length() + 1));
    }

    private void compare(Consumer<Entry> entries) {
        String now = directory + "/now";
        list(now);
        OldContentsDifference difference = new OldContentsDifference(entries);
        CommandResult result = host.run(command(OldContentsScripts.COMPARE, List.of(entries(), now)), difference);
        require(result, "could not compare the lists in", directory);
        difference.finish();
    }

    private void list(String result) {
        List<String> arguments = new ArrayList<>(List.of(result));
        layout.roots().forEach((prefix, root) -> {
            arguments.add(prefix.isEmpty() ? "" : prefix + "/");
            arguments.add(root);
        });
        run("could not list", layout.dataDirectory(), OldContentsScripts.LIST, arguments);
    }

    /** A root, its place in a stash, and the roots that lie below it in that stash. */
    private List<String> rootArguments(String prefix, String root, String stash) {
        List<String> arguments = new ArrayList<>(List.of(root, prefix.isEmpty() ? stash : stash + "/" + prefix));
        if (prefix.isEmpty()) {
            arguments.addAll(layout.links().keySet());
        }
        return arguments;
    }

    private void run(String doing, String path, String script, List<String> arguments) {
        require(host.run(command(script, arguments)), doing, path);
    }

    private static Command command(String script, List<String> arguments) {
        return Command.shell(script, arguments.toArray(String[]::new))
                .withDirectory("/")
                .withLimit(LIMIT)
                .withEnvironment("LC_ALL", "C");
    }

    private static void require(CommandResult result, String doing, String path) {
        if (!result.succeeded()) {
            String error = result.error().strip();
            throw UnderstudyException.of(
                            error.contains("No space left") ? ErrorCode.FILE_SYSTEM_FULL : ErrorCode.FILE_IO,
                            "%s \"%s\"",
                            doing,
                            path)
                    .detail("%s", error.isEmpty() ? "The command gave no reason." : error)
                    .build();
        }
    }
}
