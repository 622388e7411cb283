package dev.understudy.transfer.ssh;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.host.posix.FileErrors;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.ListingBuilder.Kind;
import dev.understudy.transfer.files.RelativePath;
import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.files.TargetListing;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.SinkWriter;
import dev.understudy.transfer.route.TargetHasher;
import dev.understudy.transfer.route.TargetReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A data directory on another machine, written by its tar and dd. What is there already is hashed where it lies, so that
 * only what differs crosses the network. Everything is done from within the directory that it concerns, entered without
 * following a link.
 */
public final class RemoteSink implements Sink {
    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final Duration FLUSH_LIMIT = Duration.ofHours(4);

    private static final String FIND =
            "[ -d \"$1\" ] || exit 0\ncd -- \"$1\" || exit 1\nexec find . -printf '%y %s %T@ %m %p\\0%l\\0'";

    /** {@code $1} mode, then roots. */
    private static final String ROOTS = "m=$1; shift\nfor d; do p=${d%/*}\n"
            + "[ -z \"$p\" ] || [ -d \"$p\" ] || mkdir -p -m 0755 -- \"$p\" || exit 1\n"
            + "[ -d \"$d\" ] || mkdir -m \"$m\" -- \"$d\" || exit 1\nchmod -- \"$m\" \"$d\" || exit 1\ndone";

    private static final String EMPTY =
            "[ -d \"$1\" ] || exit 0\ncd -- \"$1\" && exec find . -mindepth 1 -maxdepth 1 -exec rm -rf -- {} +";

    private static final String REMOVE_ROOTS = "for d; do [ ! -d \"$d\" ] || rmdir -- \"$d\" || exit 1; done";

    private static final String FLUSH = "for d; do sync -f -- \"$d\" || exit 1; done";

    private final Host host;
    private final TargetLayout layout;
    private final Map<String, String> roots;
    private final TargetFooting footing;
    private final Runnable liveness;
    private final Set<String> touched = ConcurrentHashMap.newKeySet();
    private volatile FileTable listed = new FileTable();
    private volatile Consumer<String> beforeChange = path -> {};

    /**
     * @param host the standby's machine, acting as the account whose the files shall be; not closed here
     * @param liveness called while the target is listed
     */
    public RemoteSink(Host host, TargetLayout layout, Runnable liveness) {
        this.host = host;
        this.layout = layout;
        this.roots = new TreeMap<>(layout.roots());
        this.footing = TargetFooting.of(layout);
        this.liveness = liveness;
    }

    @Override
    public String describe() {
        return "target \"%s\" on host \"%s\"".formatted(layout.dataDirectory(), host.name());
    }

    @Override
    public TargetLayout layout() {
        return layout;
    }

    @Override
    public TargetListing list() {
        FileTable files = new FileTable();
        List<String> directories = new ArrayList<>();
        List<String> others = new ArrayList<>();
        Map<String, Integer> entries = new TreeMap<>();
        List<String> linked = new ArrayList<>();
        roots.forEach((prefix, root) -> {
            FindOutput output = new FindOutput(entry -> {
                liveness.run();
                if (entry.path().isEmpty()) {
                    return;
                }
                entries.merge(prefix, 1, Integer::sum);
                String path = prefix.isEmpty() ? entry.path() : prefix + "/" + entry.path();
                if (entry.kind() == Kind.FILE) {
                    files.add(path, entry.size(), entry.modifiedSeconds(), entry.modifiedNanos(), entry.mode());
                } else if (entry.kind() == Kind.DIRECTORY) {
                    directories.add(path);
                } else if (entry.linkTarget().equals(layout.links().get(path))) {
                    linked.add(path);
                } else {
                    others.add(path);
                }
            });
            CommandResult found = PushOutput.run(host, shell(FIND, root), output);
            // A standby that runs removes files of its own meanwhile.
            if (!FindOutput.onlyVanished(found)) {
                require(found, "could not list", root);
            }
        });
        List<String> foreign = entries.keySet().stream()
                .filter(prefix -> !prefix.isEmpty() && !linked.contains(prefix))
                .map(prefix -> String.valueOf(roots.get(prefix)))
                .toList();
        listed = files;
        return new TargetListing(files, directories, others, foreign);
    }

    @Override
    public void makeRoots(SourceListing source) {
        String mode = Integer.toOctalString(source.directoryMode());
        List<String> arguments = new ArrayList<>(List.of(mode));
        arguments.addAll(roots.values());
        run(ROOTS, arguments, "could not make the directories of");
        arrange("could not make the links of", shell -> {
            if (!layout.tablespaces().isEmpty()) {
                footing.enter(shell, TargetLayout.TABLESPACES);
                shell.request("directory", mode, footing.name(TargetLayout.TABLESPACES));
            }
            for (Map.Entry<String, String> link : layout.links().entrySet()) {
                footing.enter(shell, link.getKey());
                shell.request("link", link.getValue(), footing.name(link.getKey()));
            }
        });
    }

    @Override
    public void makeDirectories(SourceListing source) {
        String mode = Integer.toOctalString(source.directoryMode());
        arrange("could not make the directories of", shell -> {
            for (String path : source.directories()) {
                if (!roots.containsKey(path)) {
                    footing.enter(shell, path);
                    shell.request("directory", mode, footing.name(path));
                }
            }
        });
    }

    @Override
    public void remove(List<String> paths) {
        arrange("could not clear", shell -> {
            for (String path : paths) {
                footing.enter(shell, path);
                shell.request("remove", footing.name(path));
            }
        });
    }

    @Override
    public void setAside(List<String> paths, String aside) {
        arrange("could not set aside what is in", shell -> {
            for (String path : paths) {
                footing.enter(shell, path);
                shell.request("aside", aside, path, footing.name(path));
            }
        });
    }

    @Override
    public void beforeChange(Consumer<String> listener) {
        beforeChange = listener;
    }

    /** A writer is about to change a file. */
    void changing(String path) {
        beforeChange.accept(path);
    }

    /** A writer is about to give a file its size. */
    void resizing(String path, long size) {
        int file = listed.find(path);
        if (file >= 0 && listed.size(file) != size) {
            changing(path);
        }
    }

    /** What is asked of a shell. */
    private interface Arranging {
        void ask(RemoteShell shell) throws IOException;
    }

    /** Has things done that need no answer, one after the other; the first that fails ends them. */
    private void arrange(String doing, Arranging arranging) {
        try (RemoteShell shell = new RemoteShell(host, TargetScripts.ENTER + TargetScripts.ARRANGE)) {
            CommandResult result;
            try {
                arranging.ask(shell);
                result = shell.finish(LIMIT);
            } catch (IOException failure) {
                throw failure(doing, layout.dataDirectory(), shell.words(failure));
            }
            require(result, doing, layout.dataDirectory());
        }
    }

    @Override
    public SinkWriter open() {
        return new RemoteWriter(this, host.another());
    }

    @Override
    public Optional<TargetReader> reader() {
        return Optional.of(new RemoteTarget(this, host.another()));
    }

    @Override
    public Optional<TargetHasher> hasher() {
        return Optional.of(new RemoteTarget(this, host.another()));
    }

    @Override
    public void writeFlushed(String path, byte[] contents, int mode) {
        arrange("could not write \"" + RelativePath.printable(path) + "\" in", shell -> {
            footing.enter(shell, path);
            shell.request("whole", footing.name(path), Integer.toOctalString(mode), Integer.toString(contents.length));
            shell.data(contents, 0, contents.length);
        });
    }

    @Override
    public void flush() {
        Command command = shell(FLUSH, roots.values().toArray(String[]::new)).withLimit(FLUSH_LIMIT);
        require(host.run(command), "could not flush", layout.dataDirectory());
    }

    TargetFooting footing() {
        return footing;
    }

    /** Where a relative path lies on that machine, for messages. */
    String absolute(String path) {
        return footing.absolute(path);
    }

    /** The files as they were when they were listed last. */
    FileTable listed() {
        return listed;
    }

    /** A file that was there may have another size and time now. */
    void touched(String path) {
        touched.add(path);
    }

    /** Whether a file was touched since it was listed; it is no longer afterwards. */
    boolean settled(String path) {
        return touched.remove(path);
    }

    private void run(String script, List<String> arguments, String doing) {
        Command command = shell(script, arguments.toArray(String[]::new));
        require(host.run(command), doing, layout.dataDirectory());
    }

    private static Command shell(String script, String... arguments) {
        return Command.shell(script, arguments).withLimit(LIMIT).withEnvironment("LC_ALL", "C");
    }

    void require(CommandResult result, String doing, String path) {
        if (!result.succeeded()) {
            throw failure(doing, path, result.error());
        }
    }

    UnderstudyException failure(String doing, String path, String error) {
        return UnderstudyException.of(
                        code(error), "%s \"%s\" on host \"%s\"", doing, RelativePath.printable(path), host.name())
                .detail("%s", error.isBlank() ? "The command gave no reason." : error.strip())
                .build();
    }

    private static ErrorCode code(String error) {
        return error.contains("symbolic link") ? ErrorCode.TARGET_UNSAFE : FileErrors.classify(error);
    }

    @Override
    public void removeAll(Set<String> madeRoots) {
        roots.values().forEach(root -> run(EMPTY, List.of(root), "could not clear"));
        List<String> made = roots.values().stream().filter(madeRoots::contains).toList();
        run(REMOVE_ROOTS, made, "could not remove");
    }

    @Override
    public void close() {
        // The host is the caller's; writers close their own connections.
    }
}
