package dev.understudy.server.connect;

import dev.understudy.error.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A password file: lines of {@code host:port:database:user:password}. Source: {@code passwordFromFile} and {@code
 * pwdfMatchesString} in {@code fe-connect.c}.
 */
final class PassFile {
    /** Socket directories that distributions build in; libpq looks connections through its own up as localhost. */
    static final Set<String> DEFAULT_SOCKET_DIRECTORIES = Set.of("/tmp", "/run/postgresql", "/var/run/postgresql");

    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private final Path file;
    private final Consumer<String> warnings;

    PassFile(Path file, Consumer<String> warnings) {
        this.file = file;
        this.warnings = warnings;
    }

    /** The password of the first line that fits; none if the file is not there, or not fit to be trusted. */
    Optional<String> find(String host, String port, String database, String user) {
        if (!isUsable()) {
            return Optional.empty();
        }
        boolean local = host.isEmpty() || DEFAULT_SOCKET_DIRECTORIES.contains(host);
        return lines().stream()
                .filter(line -> !line.startsWith("#") && !line.isEmpty())
                .map(line -> password(line, List.of(local ? "localhost" : host, port, database, user)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private boolean isUsable() {
        if (!Files.exists(file)) {
            return false;
        }
        if (!Files.isRegularFile(file)) {
            warnings.accept("password file \"%s\" is not a plain file".formatted(file));
            return false;
        }
        try {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                warnings.accept(("password file \"%s\" has group or world access and is ignored; permissions should be"
                                + " u=rw (0600) or less")
                        .formatted(file));
                return false;
            }
        } catch (IOException | UnsupportedOperationException e) {
            warnings.accept(
                    "could not read the permissions of password file \"%s\": %s".formatted(file, Reasons.of(e)));
            return false;
        }
        return true;
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            warnings.accept("could not read password file \"%s\": %s".formatted(file, Reasons.of(e)));
            return List.of();
        }
    }

    private static Optional<String> password(String line, List<String> wanted) {
        int at = 0;
        for (String field : wanted) {
            at = afterMatch(line, at, field);
            if (at < 0) {
                return Optional.empty();
            }
        }
        return Optional.of(unescaped(line.substring(at)));
    }

    /** The place after the field and its colon, or -1 if the field is neither {@code *} nor the wanted text. */
    private static int afterMatch(String line, int start, String wanted) {
        if (line.startsWith("*:", start)) {
            return start + 2;
        }
        int at = start;
        for (int i = 0; i < wanted.length(); i++, at++) {
            if (at < line.length() && line.charAt(at) == '\\') {
                at++;
            } else if (at < line.length() && line.charAt(at) == ':') {
                return -1;
            }
            if (at >= line.length() || line.charAt(at) != wanted.charAt(i)) {
                return -1;
            }
        }
        return at < line.length() && line.charAt(at) == ':' ? at + 1 : -1;
    }

    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && i + 1 < text.length()) {
                i++;
            }
            plain.append(text.charAt(i));
        }
        return plain.toString();
    }

    /** The file to look in: as the option says, else {@code ~/.pgpass}. */
    static Path path(@Nullable String option, Environment environment) {
        return option == null || option.isEmpty() ? environment.home().resolve(".pgpass") : Path.of(option);
    }
}
