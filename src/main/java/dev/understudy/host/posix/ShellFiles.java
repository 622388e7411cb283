package dev.understudy.host.posix;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.FileStatus;
import dev.understudy.host.FileSystemUsage;
import dev.understudy.host.Host;
import dev.understudy.host.HostFiles;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of a host by its shell, GNU coreutils and find. Paths are arguments, never part of a script; what comes back
 * is separated by NUL, which no name holds.
 */
public final class ShellFiles implements HostFiles {
    /** Even a large tree is listed or removed within this; commands that write get time by their size. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Host host;

    public ShellFiles(Host host) {
        this.host = host;
    }

    @Override
    public Optional<FileStatus> status(String path) {
        String checked = FileErrors.checkPath(path);
        StatusParser parser = new StatusParser(host.name(), name -> path);
        CommandResult result = host.run(look(ShellScripts.STATUS, checked), parser);
        if (isMissing(result)) {
            return Optional.empty();
        }
        check(result, "look at", path);
        return Optional.of(parser.finish().stream().findFirst().orElseThrow(() -> StatusParser.garbled(host.name())));
    }

    @Override
    public Optional<String> realPath(String path) {
        CommandResult result = host.run(look("exec realpath -e -z -- \"$1\"", FileErrors.checkPath(path)));
        if (isMissing(result)) {
            return Optional.empty();
        }
        check(result, "resolve", path);
        return Optional.of(FileNames.decode(host.name(), fields(result, 1).get(0)));
    }

    @Override
    public List<FileStatus> list(String directory) {
        return list(look(ShellScripts.LIST, FileErrors.checkPath(directory)), directory);
    }

    @Override
    public List<FileStatus> listRecursively(String directory) {
        return list(command(ShellScripts.LIST_RECURSIVELY, FileErrors.checkPath(directory)), directory);
    }

    private List<FileStatus> list(Command command, String directory) {
        StatusParser parser = new StatusParser(host.name(), name -> name.startsWith("./") ? name.substring(2) : name);
        CommandResult result = host.run(command, parser);
        if (result.status() == ShellScripts.NOT_READ || !onlyVanished(result)) {
            check(result, "list directory", directory);
        }
        return parser.finish();
    }

    /** {@code find} and {@code stat} end with a failure for each file that went away meanwhile; that is none. */
    private static boolean onlyVanished(CommandResult result) {
        return !result.error().isBlank()
                && result.error().lines().allMatch(line -> line.endsWith("No such file or directory"));
    }

    @Override
    public byte[] read(String path, int limit) {
        int most = limit == Integer.MAX_VALUE ? limit : limit + 1;
        byte[] bytes = output(most, "read file", path, "exec head -c \"$2\" -- \"$1\"", Integer.toString(most));
        if (bytes.length > limit) {
            throw FileErrors.tooLarge(host.name(), path, limit);
        }
        return bytes;
    }

    @Override
    public byte[] readTail(String path, int count) {
        return output(count, "read file", path, "exec tail -c \"$2\" -- \"$1\"", Integer.toString(count));
    }

    @Override
    public byte[] readRange(String path, long offset, int count) {
        return output(
                count, "read file", path, ShellScripts.READ_RANGE, Long.toString(offset), Integer.toString(count));
    }

    private byte[] output(int limit, String action, String path, String script, String... more) {
        BoundedOutput output = new BoundedOutput(limit);
        List<String> positional = new ArrayList<>(List.of(FileErrors.checkPath(path)));
        positional.addAll(List.of(more));
        CommandResult result = host.run(look(script, positional.toArray(String[]::new)), output);
        check(result, action, path);
        return output.toByteArray();
    }

    @Override
    public void writeAtomically(String path, byte[] contents, int mode) {
        String target = FileErrors.checkNotRoot(path);
        Command command = command(
                ShellScripts.WRITE,
                target,
                FileErrors.temporaryBeside(target),
                FileErrors.parent(target),
                octal(mode),
                Integer.toString(contents.length));
        check(host.run(command.withInput(contents)), "write file", path);
    }

    @Override
    public void createDirectory(String path, int mode) {
        String target = FileErrors.checkPath(path);
        run("create directory", ShellScripts.MAKE_DIRECTORY, target, octal(mode), FileErrors.parent(target));
    }

    @Override
    public List<String> createDirectories(String path, int mode) {
        List<String> positional = new ArrayList<>();
        for (String p = FileErrors.checkPath(path); !p.equals("/"); p = FileErrors.parent(p)) {
            positional.add(0, p);
        }
        positional.add(0, octal(mode));
        CommandResult result = host.run(command(ShellScripts.MAKE_DIRECTORIES, positional.toArray(String[]::new)));
        check(result, "create directory", path);
        return Tokens.split(result.output()).stream()
                .map(name -> FileNames.decode(host.name(), name))
                .toList();
    }

    @Override
    public void createSymbolicLink(String path, String target) {
        String link = FileErrors.checkPath(path);
        run("create symbolic link", ShellScripts.LINK, link, target, FileErrors.parent(link));
    }

    @Override
    public void setMode(String path, int mode) {
        run("change the mode of", ShellScripts.MODE, FileErrors.checkPath(path), octal(mode));
    }

    @Override
    public void rename(String from, String to) {
        move(ShellScripts.RENAME, from, to);
    }

    @Override
    public void replace(String from, String to) {
        move(ShellScripts.REPLACE, from, to);
    }

    private void move(String script, String from, String to) {
        String source = FileErrors.checkNotRoot(from);
        String target = FileErrors.checkNotRoot(to);
        run("rename", script, source, target, FileErrors.parent(source), FileErrors.parent(target));
    }

    @Override
    public void delete(String path) {
        run("delete", ShellScripts.DELETE, FileErrors.checkNotRoot(path));
    }

    @Override
    public void deleteRecursively(String path) {
        run("delete", "exec rm -rf -- \"$1\"", FileErrors.checkNotRoot(path));
    }

    @Override
    public FileSystemUsage usage(String path) {
        CommandResult result = host.run(look(ShellScripts.USAGE, FileErrors.checkPath(path)));
        check(result, "look at the file system of", path);
        List<byte[]> fields = fields(result, 5);
        long block = Tokens.number(host.name(), fields.get(1));
        return new FileSystemUsage(
                FileNames.decode(host.name(), fields.get(0)),
                new String(fields.get(4), StandardCharsets.UTF_8),
                block * Tokens.number(host.name(), fields.get(2)),
                block * Tokens.number(host.name(), fields.get(3)));
    }

    @Override
    public void flush(String path) {
        run("flush", "exec sync -- \"$1\"", FileErrors.checkPath(path));
    }

    private void run(String action, String script, String path, String... more) {
        List<String> positional = new ArrayList<>(List.of(path));
        positional.addAll(List.of(more));
        check(host.run(command(script, positional.toArray(String[]::new))), action, path);
    }

    private List<byte[]> fields(CommandResult result, int least) {
        List<byte[]> fields = Tokens.split(result.output());
        if (fields.size() < least) {
            throw StatusParser.garbled(host.name());
        }
        return fields;
    }

    private static Command look(String script, String... positional) {
        return command(script, positional).asLook();
    }

    private static Command command(String script, String... positional) {
        return Command.shell(script, positional)
                .withDirectory("/")
                .withLimit(LIMIT)
                .withEnvironment("LC_ALL", "C");
    }

    private static boolean isMissing(CommandResult result) {
        return !result.succeeded() && FileErrors.classify(result.error()) == ErrorCode.FILE_MISSING;
    }

    private void check(CommandResult result, String action, String path) {
        if (result.succeeded()) {
            return;
        }
        if (result.status() == 127) {
            throw UnderstudyException.of(
                            ErrorCode.SSH_SHELL_UNUSABLE, "host \"%s\" lacks a program of coreutils", host.name())
                    .detail("%s", result.error().strip())
                    .build();
        }
        ErrorCode code = FileErrors.classify(result.error());
        throw FileErrors.error(code, action, path, host.name(), host.account().name(), result.error())
                .build();
    }

    private static String octal(int mode) {
        return "%04o".formatted(mode & 07777);
    }

    @Override
    public String toString() {
        return "files of " + host.name() + " as " + host.account().name();
    }
}
