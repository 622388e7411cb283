package dev.understudy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All that a directory holds, so that two looks at it can be compared and the difference be seen. */
public final class TreeDigest {
    private TreeDigest() {}

    /**
     * A line for each path: kind, owner, permissions, time of change, and contents by their SHA-256. A directory's time is
     * left out, since looking for a lock file in it may have changed it.
     *
     * @return empty if nothing is there
     */
    public static Map<String, String> of(Path root) {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return Map.of();
        }
        Map<String, String> lines = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.toList()) {
                lines.put(root.relativize(path).toString(), line(path));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    private static String line(Path path) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        String who = attributes.owner().getName() + " " + PosixFilePermissions.toString(attributes.permissions());
        if (attributes.isSymbolicLink()) {
            return "link to " + Files.readSymbolicLink(path);
        }
        if (attributes.isDirectory()) {
            return "directory " + who;
        }
        return "file " + who + " " + attributes.lastModifiedTime() + " " + sha256(path);
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
