package dev.understudy.promotion;

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

/** A copy of a stopped primary's data directory, and what makes it follow. */
final class PairFiles {
    private static final List<String> LEFT_OUT = List.of("postmaster.pid", "postmaster.opts");

    private PairFiles() {}

    static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                String name = from.relativize(file).toString();
                if (LEFT_OUT.contains(name) || name.startsWith("pg_replslot/")) {
                    continue;
                }
                Path target = to.resolve(name);
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(target);
                    Files.setPosixFilePermissions(target, Files.getPosixFilePermissions(file));
                } else {
                    Files.copy(file, target, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Account.give(to);
    }

    /** Signal file and postgresql.auto.conf, or up to 11 recovery.conf. */
    static void follow(EmbeddedPostgres primary, Path directory, String... lines) {
        boolean own = !primary.major().isAtLeast(ServerMajor.V12);
        StringBuilder text = new StringBuilder(own ? "standby_mode = 'on'\nrecovery_target_timeline = 'latest'\n" : "");
        text.append("primary_conninfo = '%s application_name=standby'\n".formatted(primary.conninfo()));
        for (String line : lines) {
            text.append(line).append('\n');
        }
        try {
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
