package dev.understudy.host.local;

import dev.understudy.error.ErrorCode;
import dev.understudy.host.Account;
import dev.understudy.host.FileStatus;
import dev.understudy.host.FileSystemUsage;
import dev.understudy.host.HostFiles;
import dev.understudy.host.posix.FileErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files of this machine by java.nio, as whoever runs this process. */
final class LocalFiles implements HostFiles {
    private final Account account;

    LocalFiles(Account account) {
        this.account = account;
    }

    /** Work with files that may fail. */
    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T attempt(String action, String path, Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw LocalErrors.translate(action, path, account, e);
        }
    }

    /** As {@link #attempt}; empty where the path does not exist. */
    private <T> Optional<T> attemptIfThere(String action, String path, Work<T> work) {
        try {
            return Optional.of(work.run());
        } catch (IOException e) {
            if (LocalErrors.isMissing(e)) {
                return Optional.empty();
            }
            throw LocalErrors.translate(action, path, account, e);
        }
    }

    @Override
    public Optional<FileStatus> status(String path) {
        return attemptIfThere("look at", path, () -> LocalListing.status(LocalPaths.of(path), path));
    }

    @Override
    public Optional<String> realPath(String path) {
        return attemptIfThere(
                "resolve", path, () -> LocalPaths.text(LocalPaths.of(path).toRealPath()));
    }

    @Override
    public List<FileStatus> list(String directory) {
        return attempt("list directory", directory, () -> LocalListing.list(LocalPaths.of(directory)));
    }

    @Override
    public List<FileStatus> listRecursively(String directory) {
        return attempt("list directory", directory, () -> LocalListing.listRecursively(LocalPaths.of(directory)));
    }

    @Override
    public byte[] read(String path, int limit) {
        byte[] bytes = attempt("read file", path, () -> {
            try (FileChannel channel = FileChannel.open(LocalPaths.of(path), StandardOpenOption.READ)) {
                return LocalListing.readUpTo(channel, 0, limit == Integer.MAX_VALUE ? limit : limit + 1);
            }
        });
        if (bytes.length > limit) {
            throw FileErrors.tooLarge("local", path, limit);
        }
        return bytes;
    }

    @Override
    public byte[] readTail(String path, int count) {
        return attempt("read file", path, () -> {
            try (FileChannel channel = FileChannel.open(LocalPaths.of(path), StandardOpenOption.READ)) {
                return LocalListing.readUpTo(channel, Math.max(0, channel.size() - count), count);
            }
        });
    }

    @Override
    public byte[] readRange(String path, long offset, int count) {
        return attempt("read file", path, () -> {
            try (FileChannel channel = FileChannel.open(LocalPaths.of(path), StandardOpenOption.READ)) {
                return LocalListing.readUpTo(channel, offset, count);
            }
        });
    }

    @Override
    public void writeAtomically(String path, byte[] contents, int mode) {
        Path target = LocalPaths.of(FileErrors.checkNotRoot(path));
        Path temporary = LocalPaths.of(FileErrors.temporaryBeside(path));
        attempt("write file", path, () -> {
            try {
                writeNew(temporary, contents, mode);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                Files.deleteIfExists(temporary);
                throw e;
            }
            force(target.resolveSibling("."));
            return target;
        });
    }

    /** {@code CREATE_NEW} is {@code O_EXCL}, which follows no symbolic link. */
    private static void writeNew(Path path, byte[] contents, int mode) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            setMode(path, mode);
            ByteBuffer buffer = ByteBuffer.wrap(contents);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    @Override
    public void createDirectory(String path, int mode) {
        Path directory = LocalPaths.of(path);
        attempt("create directory", path, () -> {
            Files.createDirectory(directory);
            setMode(directory, mode);
            force(directory.resolveSibling("."));
            return directory;
        });
    }

    @Override
    public List<String> createDirectories(String path, int mode) {
        List<String> missing = new ArrayList<>();
        String current = FileErrors.checkPath(path);
        while (!attempt("look at", path, existsAsDirectory(current))) {
            missing.add(0, current);
            current = FileErrors.parent(current);
        }
        missing.forEach(directory -> createDirectory(directory, mode));
        return missing;
    }

    /** A symbolic link to a directory counts as one; anything else that is there fails when it is made. */
    private static Work<Boolean> existsAsDirectory(String path) {
        return () -> {
            try {
                return LocalListing.isDirectory(LocalPaths.of(path));
            } catch (IOException e) {
                if (LocalErrors.isMissing(e)) {
                    return false;
                }
                throw e;
            }
        };
    }

    @Override
    public void createSymbolicLink(String path, String target) {
        Path link = LocalPaths.of(path);
        Path text = target.startsWith("/") ? LocalPaths.of(target) : LocalPaths.relative(target);
        attempt("create symbolic link", path, () -> {
            Files.createSymbolicLink(link, text);
            force(link.resolveSibling("."));
            return link;
        });
    }

    @Override
    public void setMode(String path, int mode) {
        attempt("change the mode of", path, () -> {
            setMode(LocalPaths.of(path), mode);
            return path;
        });
    }

    private static void setMode(Path path, int mode) throws IOException {
        if (Files.isSymbolicLink(path)) {
            throw new IOException("Is a symbolic link");
        }
        // With NOFOLLOW_LINKS the JVM opens the file for reading first, which its own mode may forbid.
        boolean readable = Files.isReadable(path);
        LinkOption[] options = readable ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0];
        Files.setAttribute(path, "unix:mode", mode & 07777, options);
    }

    @Override
    public void rename(String from, String to) {
        Path source = LocalPaths.of(FileErrors.checkNotRoot(from));
        Path target = LocalPaths.of(FileErrors.checkNotRoot(to));
        if (status(to).isPresent()) {
            throw FileErrors.error(ErrorCode.FILE_EXISTS, "rename to", to, "local", account.name(), "")
                    .build();
        }
        move("rename", from, source, target);
    }

    @Override
    public void replace(String from, String to) {
        move("rename", from, LocalPaths.of(FileErrors.checkNotRoot(from)), LocalPaths.of(FileErrors.checkNotRoot(to)));
    }

    private void move(String action, String from, Path source, Path target) {
        attempt(action, from, () -> {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
            force(target.resolveSibling("."));
            force(source.resolveSibling("."));
            return target;
        });
    }

    @Override
    public void delete(String path) {
        Path target = LocalPaths.of(FileErrors.checkNotRoot(path));
        attemptIfThere("delete", path, () -> Files.deleteIfExists(target));
    }

    @Override
    public void deleteRecursively(String path) {
        Path target = LocalPaths.of(FileErrors.checkNotRoot(path));
        attemptIfThere("delete", path, () -> LocalListing.deleteTree(target));
    }

    @Override
    public FileSystemUsage usage(String path) {
        return attempt("look at the file system of", path, () -> {
            Path existing = LocalPaths.of(path);
            while (existing.getParent() != null && !Files.exists(existing)) {
                existing = existing.getParent();
            }
            FileStore store = Files.getFileStore(existing);
            return new FileSystemUsage(
                    LocalPaths.text(LocalListing.mountPoint(existing.toRealPath())),
                    store.type(),
                    store.getTotalSpace(),
                    store.getUsableSpace());
        });
    }

    @Override
    public void flush(String path) {
        attempt("flush", path, () -> {
            force(LocalPaths.of(path));
            return path;
        });
    }

    /** Linux flushes through any descriptor, also one open for reading, and directories too. */
    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public String toString() {
        return "files of local as " + account.name();
    }
}
