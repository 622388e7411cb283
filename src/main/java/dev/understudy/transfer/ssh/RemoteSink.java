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
import dev.understudy.transfer.route.TargetReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A data directory on another machine, written by its tar and dd. What is there already cannot be read without moving it, so
 * a delta copy writes everything anew in place; only what the source does not have is told apart.
 */
public final class RemoteSink implements Sink {
    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final Duration FLUSH_LIMIT = Duration.ofHours(4);

    private static final String FIND =
            "[ -d \"$1\" ] || exit 0\ncd -- \"$1\" || exit 1\nexec find . -printf '%y %s %T@ %m %p\\0%l\\0'";

    /** {@code $1} mode; directories on standard input, parents first. */
    private static final String DIRECTORIES = "umask 077\nexec xargs -0 -r sh -c 'm=$1; shift; for d; do"
            + " if [ -h \"$d\" ]; then echo \"$d: Is a symbolic link\" >&2; exit 255; fi;"
            + " if [ -d \"$d\" ]; then chmod \"$m\" \"$d\" || exit 255;"
            + " else mkdir -m \"$m\" -- \"$d\" || exit 255; fi; done' sh \"$1\"";

    /** {@code $1} mode, then roots. */
    private static final String ROOTS = "m=$1; shift\nfor d; do p=${d%/*}\n"
            + "[ -z \"$p\" ] || [ -d \"$p\" ] || mkdir -p -m 0755 -- \"$p\" || exit 1\n"
            + "[ -d \"$d\" ] || mkdir -m \"$m\" -- \"$d\" || exit 1\nchmod -- \"$m\" \"$d\" || exit 1\ndone";

    /** Pairs of link and target. */
    private static final String LINKS = "while [ $# -gt 0 ]; do\n"
            + "if [ -h \"$1\" ]; then t=$(readlink -n -- \"$1\" && echo /); [ \"${t%/}\" = \"$2\" ] ||"
            + " { echo \"$1: File exists\" >&2; exit 1; }\nelse ln -s -T -- \"$2\" \"$1\" || exit 1; fi\nshift 2\ndone";

    private static final String REMOVE = "exec xargs -0 -r rm -rf --";

    /** {@code $1} where to, then pairs of absolute and relative path. */
    private static final String SET_ASIDE = "umask 077\na=$1; shift\nwhile [ $# -gt 0 ]; do\n"
            + "d=$a/$2; mkdir -p -- \"${d%/*}\" && mv -T -n -- \"$1\" \"$d\" || exit 1\n"
            + "if [ -e \"$1\" ]; then echo \"$d: File exists\" >&2; exit 1; fi\nshift 2\ndone";

    private static final String EMPTY =
            "[ -d \"$1\" ] || exit 0\ncd -- \"$1\" && exec find . -mindepth 1 -maxdepth 1 -exec rm -rf -- {} +";

    private static final String REMOVE_ROOTS = "for d; do [ ! -d \"$d\" ] || rmdir -- \"$d\" || exit 1; done";

    private static final String FLUSH = "for d; do sync -f -- \"$d\" || exit 1; done";

    private final Host host;
    private final TargetLayout layout;
    private final Map<String, String> roots;
    private final Runnable liveness;

    /**
     * @param host the standby's machine, acting as the account whose the files shall be; not closed here
     * @param liveness called while the target is listed
     */
    public RemoteSink(Host host, TargetLayout layout, Runnable liveness) {
        this.host = host;
        this.layout = layout;
        this.roots = new TreeMap<>(layout.roots());
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
                    files.add(path, entry.size(), entry.modifiedSeconds(), entry.mode());
                } else if (entry.kind() == Kind.DIRECTORY) {
                    directories.add(path);
                } else if (entry.linkTarget().equals(layout.links().get(path))) {
                    linked.add(path);
                } else {
                    others.add(path);
                }
            });
            require(PushOutput.run(host, shell(FIND, root), output), "could not list", root);
        });
        List<String> foreign = entries.keySet().stream()
                .filter(prefix -> !prefix.isEmpty() && !linked.contains(prefix))
                .map(prefix -> String.valueOf(roots.get(prefix)))
                .toList();
        return new TargetListing(files, directories, others, foreign);
    }

    @Override
    public void makeRoots(SourceListing source) {
        String mode = Integer.toOctalString(source.directoryMode());
        List<String> arguments = new ArrayList<>(List.of(mode));
        arguments.addAll(roots.values());
        if (!layout.tablespaces().isEmpty()) {
            arguments.add(absolute(TargetLayout.TABLESPACES));
        }
        run(ROOTS, arguments, new byte[0], "could not make the directories of");
        List<String> pairs = new ArrayList<>();
        layout.links().forEach((path, location) -> {
            pairs.add(layout.dataDirectory() + "/" + path);
            pairs.add(location);
        });
        run(LINKS, pairs, new byte[0], "could not make the links of");
    }

    @Override
    public void makeDirectories(SourceListing source) {
        List<String> paths = source.directories().stream()
                .filter(path -> !roots.containsKey(path))
                .toList();
        run(
                DIRECTORIES,
                List.of(Integer.toOctalString(source.directoryMode())),
                joined(paths),
                "could not make the directories of");
    }

    @Override
    public void remove(List<String> paths) {
        run(REMOVE, List.of(), joined(paths), "could not clear");
    }

    @Override
    public void setAside(List<String> paths, String aside) {
        for (int from = 0; from < paths.size(); from += 200) {
            List<String> arguments = new ArrayList<>(List.of(aside));
            for (String path : paths.subList(from, Math.min(paths.size(), from + 200))) {
                arguments.add(absolute(path));
                arguments.add(path);
            }
            run(SET_ASIDE, arguments, new byte[0], "could not set aside what is in");
        }
    }

    @Override
    public SinkWriter open() {
        return new RemoteWriter(this, host.another());
    }

    @Override
    public Optional<TargetReader> reader() {
        return Optional.empty();
    }

    @Override
    public void writeFlushed(String path, byte[] contents, int mode) {
        host.files().writeAtomically(absolute(path), contents, mode);
    }

    @Override
    public void flush() {
        Command command = shell(FLUSH, roots.values().toArray(String[]::new)).withLimit(FLUSH_LIMIT);
        require(host.run(command), "could not flush", layout.dataDirectory());
    }

    /** Where a relative path lies on that machine. */
    String absolute(String path) {
        String found = "";
        for (String prefix : roots.keySet()) {
            if (prefix.length() > found.length() && path.startsWith(prefix + "/")) {
                found = prefix;
            }
        }
        String root = String.valueOf(roots.get(found));
        return root + "/" + (found.isEmpty() ? path : path.substring(found.length() + 1));
    }

    private byte[] joined(List<String> paths) {
        StringBuilder names = new StringBuilder();
        paths.forEach(path -> names.append(absolute(path)).append('\0'));
        return names.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void run(String script, List<String> arguments, byte[] input, String doing) {
        Command command = shell(script, arguments.toArray(String[]::new)).withInput(input);
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
        roots.values().forEach(root -> run(EMPTY, List.of(root), new byte[0], "could not clear"));
        List<String> made = roots.values().stream().filter(madeRoots::contains).toList();
        run(REMOVE_ROOTS, made, new byte[0], "could not remove");
    }

    @Override
    public void close() {
        // The host is the caller's; writers close their own connections.
    }
}
