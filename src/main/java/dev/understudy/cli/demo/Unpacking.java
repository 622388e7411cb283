package dev.understudy.cli.demo;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Takes the server's programs out of a jar: a tar within xz within zip. What only compilers need stays in it. */
final class Unpacking {
    private static final Set<PosixFilePermission> PROGRAM = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final int BUFFER = 1 << 16;

    private final Path directory;
    private final Set<Path> made = new HashSet<>();
    private final Map<Path, Path> hardLinks = new LinkedHashMap<>();

    private Unpacking(Path directory) {
        this.directory = directory;
    }

    /** Unpacks {@code bin}, {@code lib} and {@code share} into a directory that is there. */
    static void unpack(Path jar, Path directory) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(Files.newInputStream(jar), BUFFER))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(".txz")) {
                    new Unpacking(directory).unpack(new XZInputStream(new BufferedInputStream(zip, BUFFER)));
                    return;
                }
            }
        }
        throw new IOException("no .txz in " + jar);
    }

    private void unpack(InputStream unpacked) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(unpacked);
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            if (!entry.isDirectory() && isWanted(entry.getName())) {
                unpack(tar, entry);
            }
        }
        for (Map.Entry<Path, Path> link : hardLinks.entrySet()) {
            Files.createLink(link.getKey(), link.getValue());
        }
    }

    private static boolean isWanted(String name) {
        return !name.endsWith(".a")
                && !name.contains("/pkgconfig/")
                && !name.contains("/pgxs/")
                && !name.startsWith("include/");
    }

    private void unpack(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
        Path path = within(entry.getName());
        Path parent = path.getParent();
        if (parent != null && made.add(parent)) {
            Files.createDirectories(parent);
        }
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            hardLinks.put(path, within(entry.getLinkName()));
        } else {
            Files.copy(tar, path);
            if ((entry.getMode() & 0100) != 0) {
                Files.setPosixFilePermissions(path, PROGRAM);
            }
        }
    }

    private Path within(String name) throws IOException {
        Path path = directory.resolve(name).normalize();
        if (!path.startsWith(directory)) {
            throw new IOException("entry outside of its archive: " + name);
        }
        return path;
    }
}
