package dev.understudy.doctor;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Copies of a primary's data directory as people make them, and standbys of them. */
final class Copies {
    private static final List<String> LEFT_OUT = List.of("postmaster.pid", "postmaster.opts");

    private Copies() {}

    /** Copies a data directory as it is, without what belongs to its running server, as {@code cp -a} would. */
    static Path copy(EmbeddedPostgres primary, Path to) {
        Path from = primary.dataDirectory();
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                String name = from.relativize(file).toString();
                if (!LEFT_OUT.contains(name)
                        && !name.startsWith("pg_replslot/")
                        && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    copyOne(file, to.resolve(name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Account.give(to);
        return to;
    }

    private static void copyOne(Path file, Path to) throws IOException {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(to);
            Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(file));
        } else {
            Files.copy(file, to, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    /** Writes what makes a directory follow a primary: signal file or recovery.conf. */
    static void follow(EmbeddedPostgres primary, Path directory, String... lines) {
        String conninfo = primary.conninfo() + " application_name=standby";
        boolean own = !primary.major().isAtLeast(ServerMajor.V12);
        try {
            StringBuilder text = new StringBuilder();
            if (own) {
                text.append("standby_mode = 'on'\nrecovery_target_timeline = 'latest'\n");
            }
            text.append("primary_conninfo = '").append(conninfo).append("'\n");
            for (String line : lines) {
                text.append(line).append('\n');
            }
            Path file = directory.resolve(own ? "recovery.conf" : "postgresql.auto.conf");
            Files.writeString(file, (Files.exists(file) && !own ? Files.readString(file) : "") + text);
            if (!own) {
                Files.writeString(directory.resolve("standby.signal"), "");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Account.give(directory);
    }
}
