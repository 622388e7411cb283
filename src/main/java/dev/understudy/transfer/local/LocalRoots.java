package dev.understudy.transfer.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.FileAttribute;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Opens files by their relative path in a data directory whose parts lie in several places, never following a symbolic
 * link. Not for use by several threads.
 */
final class LocalRoots implements AutoCloseable {
    private static final String NEW_DIRECTORY = ".understudy.new";

    private final Map<String, Path> roots;
    private final Map<String, SafeDirectories> open = new HashMap<>();

    /**
     * A file by the directory that holds it.
     *
     * @param directory valid until the next file is located
     */
    record Place(SecureDirectoryStream<Path> directory, Path name) {}

    /** @param roots directories by the prefix of the paths below them, {@code ""} for the data directory */
    LocalRoots(Map<String, Path> roots) {
        this.roots = Map.copyOf(roots);
    }

    Place locate(String path) throws IOException {
        String prefix = prefix(path);
        String below = prefix.isEmpty() ? path : path.substring(prefix.length() + 1);
        int slash = below.lastIndexOf('/');
        SecureDirectoryStream<Path> directory = directories(prefix).at(slash < 0 ? "" : below.substring(0, slash));
        return new Place(directory, Path.of(below.substring(slash + 1)));
    }

    private SafeDirectories directories(String prefix) {
        return open.computeIfAbsent(prefix, name -> new SafeDirectories(root(name)));
    }

    /**
     * Makes a directory, if nothing is there yet. Java makes none relative to an open one, so it is made at the top, which
     * the plan names, and moved from there: a link that is put into its path meanwhile is not followed.
     */
    void makeDirectory(String path, FileAttribute<?> mode) throws IOException {
        Place place = locate(path);
        if (exists(place)) {
            return;
        }
        String prefix = prefix(path);
        SecureDirectoryStream<Path> top = directories(prefix).at("");
        Path made = root(prefix).toRealPath().resolve(NEW_DIRECTORY);
        Files.deleteIfExists(made); // Of an attempt that was killed; it is empty.
        Files.createDirectory(made, mode);
        top.move(Path.of(NEW_DIRECTORY), place.directory(), place.name());
    }

    private static boolean exists(Place place) throws IOException {
        try {
            SafeDirectories.attributes(place.directory(), place.name());
            return true;
        } catch (NoSuchFileException missing) {
            return false;
        }
    }

    /**
     * Opens a regular file.
     *
     * @throws dev.understudy.error.UnderstudyException {@code TARGET_UNSAFE} where a directory on the way is none
     * @throws IOException also where the file itself is a symbolic link
     */
    FileChannel open(String path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        Place place = locate(path);
        Set<OpenOption> withoutLinks = new HashSet<>(options);
        withoutLinks.add(LinkOption.NOFOLLOW_LINKS);
        try {
            return (FileChannel) place.directory().newByteChannel(place.name(), withoutLinks, attributes);
        } catch (NoSuchFileException failure) {
            throw failure;
        } catch (IOException failure) {
            if (SafeDirectories.attributes(place.directory(), place.name()).isRegularFile()) {
                throw failure;
            }
            throw SafeDirectories.unsafe(absolute(path), failure);
        }
    }

    /** Where a relative path lies on this machine, for messages and for what has no safe form. */
    Path absolute(String path) {
        String prefix = prefix(path);
        return prefix.isEmpty() ? root("").resolve(path) : root(prefix).resolve(path.substring(prefix.length() + 1));
    }

    private Path root(String prefix) {
        Path root = roots.get(prefix);
        if (root == null) {
            throw new IllegalArgumentException("no root for prefix \"" + prefix + "\"");
        }
        return root;
    }

    /** The longest prefix that the path lies strictly below. */
    private String prefix(String path) {
        String found = "";
        for (String prefix : roots.keySet()) {
            if (prefix.length() > found.length()
                    && path.length() > prefix.length()
                    && path.charAt(prefix.length()) == '/'
                    && path.startsWith(prefix)) {
                found = prefix;
            }
        }
        return found;
    }

    @Override
    public void close() {
        open.values().forEach(SafeDirectories::close);
        open.clear();
    }
}
