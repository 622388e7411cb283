package dev.understudy.host.local;

import dev.understudy.host.FileStatus;
import dev.understudy.host.posix.FileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at files and directories of this machine. */
final class LocalListing {
    private static final String ATTRIBUTES = "unix:mode,size,lastModifiedTime,uid,gid,dev";

    private LocalListing() {}

    static FileStatus status(Path path, String name) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        int mode = (int) value(attributes, "mode");
        FileStatus.Kind kind = FileNames.kind(mode);
        Optional<String> target = kind == FileStatus.Kind.SYMBOLIC_LINK
                ? Optional.of(LocalPaths.linkText(Files.readSymbolicLink(path)))
                : Optional.empty();
        return new FileStatus(
                name,
                kind,
                (long) value(attributes, "size"),
                ((FileTime) value(attributes, "lastModifiedTime")).toInstant(),
                mode & 07777,
                (int) value(attributes, "uid"),
                (int) value(attributes, "gid"),
                (long) value(attributes, "dev"),
                target);
    }

    private static Object value(Map<String, Object> attributes, String name) {
        return Objects.requireNonNull(attributes.get(name), name);
    }

    static boolean isDirectory(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).isDirectory();
    }

    static List<FileStatus> list(Path directory) throws IOException {
        List<FileStatus> found = new ArrayList<>();
        addEntries(directory, "", found);
        found.sort(Comparator.comparing(FileStatus::path));
        return found;
    }

    static List<FileStatus> listRecursively(Path directory) throws IOException {
        List<FileStatus> found = new ArrayList<>();
        addEntries(directory, "", found);
        // The list grows while it is walked: directories are read as they are come upon.
        for (int i = 0; i < found.size(); i++) {
            FileStatus entry = found.get(i);
            if (entry.isDirectory()) {
                try {
                    addEntries(
                            LocalPaths.of(LocalPaths.text(directory) + "/" + entry.path()), entry.path() + "/", found);
                } catch (NoSuchFileException e) {
                    continue; // vanished since its parent was read
                }
            }
        }
        found.sort(Comparator.comparing(FileStatus::path));
        return found;
    }

    private static void addEntries(Path directory, String prefix, List<FileStatus> found) throws IOException {
        String base = LocalPaths.text(directory);
        int skip = base.equals("/") ? 1 : base.length() + 1;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                try {
                    found.add(status(entry, prefix + LocalPaths.text(entry).substring(skip)));
                } catch (NoSuchFileException e) {
                    continue; // vanished since the directory was read
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** The bytes from {@code offset}, at most {@code count}. */
    static byte[] readUpTo(FileChannel channel, long offset, int count) throws IOException {
        // The size is a guess alone: it is 0 for files of /proc, and files grow.
        byte[] bytes = new byte[(int) Math.min(count, Math.max(8192, channel.size() - offset + 1))];
        int filled = 0;
        while (filled < count) {
            if (filled == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(count, 2L * bytes.length));
            }
            int read = channel.read(ByteBuffer.wrap(bytes, filled, bytes.length - filled), offset + filled);
            if (read < 0) {
                break;
            }
            filled += read;
        }
        return Arrays.copyOf(bytes, filled);
    }

    static boolean deleteTree(Path path) throws IOException {
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
        return true;
    }

    /** The outermost directory above a path that is still on the same device. */
    static Path mountPoint(Path path) throws IOException {
        Object device = Files.getAttribute(path, "unix:dev");
        Path mount = path;
        Path above = mount.getParent();
        while (above != null && device.equals(Files.getAttribute(above, "unix:dev"))) {
            mount = above;
            above = mount.getParent();
        }
        return mount;
    }
}
