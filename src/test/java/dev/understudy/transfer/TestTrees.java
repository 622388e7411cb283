package dev.understudy.transfer;

import dev.understudy.host.Account;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Makes directories that look like a cluster's, and reads them back. */
public final class TestTrees {
    private TestTrees() {}

    /** This process's own account. */
    public static Account me() {
        try {
            int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            int gid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
            return new Account(System.getProperty("user.name"), uid, gid, "/");
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    /** A small data directory of PostgreSQL 15. */
    public static Path cluster(Path directory, Random random) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        write(directory.resolve("PG_VERSION"), "15\n");
        write(directory.resolve("postgresql.conf"), "port = 5432\n");
        write(directory.resolve("postmaster.pid"), "4711\n");
        write(directory.resolve("backup_label.old"), "old\n");
        for (String name : new String[] {"pg_wal/archive_status", "pg_replslot/slot", "pg_tblspc", "pg_notify"}) {
            Files.createDirectories(directory.resolve(name));
        }
        write(directory.resolve("pg_wal/000000010000000000000001"), "wal");
        write(directory.resolve("pg_replslot/slot/state"), "slot");
        fill(directory.resolve("global/1260"), 8192, random);
        fill(directory.resolve("global/pg_control"), 8192, random);
        fill(directory.resolve("pg_xact/0000"), 262144, random);
        for (int file = 0; file < 30; file++) {
            fill(directory.resolve("base/5/" + (16384 + file)), random.nextInt(20) * 8192L, random);
        }
        fill(directory.resolve("base/5/17000_init"), 8192, random);
        fill(directory.resolve("base/5/17000"), 81920, random);
        fill(directory.resolve("base/5/18000"), (40L << 20) + 8192 * 3, random);
        return directory;
    }

    public static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    public static void fill(Path file, long bytes, Random random) throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        byte[] contents = new byte[Math.toIntExact(bytes)];
        random.nextBytes(contents);
        Files.write(file, contents);
    }

    /** Every entry below a directory: files with the hash of their contents, links with what they say. */
    public static Map<String, String> contents(Path directory) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.toList()) {
                String name = directory.relativize(path).toString();
                if (Files.isSymbolicLink(path)) {
                    found.put(name, "-> " + Files.readSymbolicLink(path));
                } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    found.put(name + "/", "");
                } else {
                    byte[] bytes = Files.readAllBytes(path);
                    found.put(name, bytes.length + " " + dev.understudy.pgfile.Crc32c.of(bytes, 0, bytes.length));
                }
            }
        }
        return found;
    }
}
