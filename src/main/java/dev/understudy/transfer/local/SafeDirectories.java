package dev.understudy.transfer.local;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.transfer.files.RelativePath;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Directories below a root, each opened relative to its parent and without following symbolic links, so that nothing can be
 * put in the way between looking and writing. Keeps the last used ones open. Not for use by several threads.
 */
final class SafeDirectories implements AutoCloseable {
    private static final int KEPT_OPEN = 32;

    private final Path root;
    private final LinkedHashMap<String, SecureDirectoryStream<Path>> open = new LinkedHashMap<>(64, 0.75f, true);

    SafeDirectories(Path root) {
        this.root = root;
    }

    /** The directory at a relative path, {@code ""} for the root; valid until the next call. */
    SecureDirectoryStream<Path> at(String relative) throws IOException {
        SecureDirectoryStream<Path> known = open.get(relative);
        if (known != null) {
            return known;
        }
        SecureDirectoryStream<Path> opened = relative.isEmpty() ? openRoot() : descend(relative);
        open.put(relative, opened);
        evict(relative);
        return opened;
    }

    private SecureDirectoryStream<Path> openRoot() throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(root.toRealPath());
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new IOException("this platform cannot open files relative to a directory");
    }

    private SecureDirectoryStream<Path> descend(String relative) throws IOException {
        int slash = relative.lastIndexOf('/');
        SecureDirectoryStream<Path> parent = at(slash < 0 ? "" : relative.substring(0, slash));
        Path name = Path.of(relative.substring(slash + 1));
        try {
            return parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
        } catch (FileSystemException failure) {
            BasicFileAttributes found = attributes(parent, name);
            if (found.isDirectory()) {
                throw failure;
            }
            throw unsafe(root.resolve(relative), failure);
        }
    }

    /** What is there, a symbolic link itself and not what it leads to. */
    static BasicFileAttributes attributes(SecureDirectoryStream<Path> directory, Path name) throws IOException {
        return directory
                .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    static UnderstudyException unsafe(Path path, IOException cause) {
        return UnderstudyException.of(
                        ErrorCode.TARGET_UNSAFE,
                        "\"%s\" in the target is a symbolic link or otherwise not what it must be",
                        RelativePath.printable(path.toString()))
                .detail("Nothing was written through it.")
                .cause(cause)
                .build();
    }

    /** Closes the longest unused ones, but neither the root nor the one just opened. */
    private void evict(String keep) throws IOException {
        while (open.size() > KEPT_OPEN) {
            String eldest = open.keySet().stream()
                    .filter(name -> !name.isEmpty() && !name.equals(keep))
                    .findFirst()
                    .orElseThrow();
            Map.Entry<String, SecureDirectoryStream<Path>> entry = Map.entry(eldest, open.get(eldest));
            open.remove(eldest);
            entry.getValue().close();
        }
    }

    @Override
    public void close() {
        for (SecureDirectoryStream<Path> stream : open.values()) {
            try {
                stream.close();
            } catch (IOException failure) {
                throw LocalErrors.of(failure, "could not close", root.toString());
            }
        }
        open.clear();
    }
}
