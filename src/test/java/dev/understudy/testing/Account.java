package dev.understudy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The account that test servers run as: our own, or {@code nobody} when we are root, since PostgreSQL refuses to run as
 * root.
 */
public final class Account {
    private static final String UNPRIVILEGED = "nobody";

    private Account() {}

    /** The name of the account that the tests run as. */
    public static String current() {
        return System.getProperty("user.name");
    }

    public static boolean isRoot() {
        return current().equals("root");
    }

    /** The name of the account that servers run as; also the operating system user of peer authentication. */
    public static String ofServers() {
        return isRoot() ? UNPRIVILEGED : current();
    }

    /** A command line that runs {@code command} as the servers' account. */
    public static List<String> asServer(List<String> command) {
        if (!isRoot()) {
            return command;
        }
        List<String> line = new ArrayList<>(Unprivileged.PREFIX);
        line.addAll(command);
        return line;
    }

    /** How root becomes that account. */
    private static final class Unprivileged {
        private static final List<String> PREFIX = List.of(
                "setpriv",
                "--reuid=" + run(List.of("id", "-u", UNPRIVILEGED), Map.of()).strip(),
                "--regid=" + run(List.of("id", "-g", UNPRIVILEGED), Map.of()).strip(),
                "--clear-groups");
    }

    /** Makes the servers' account the owner of a file or a whole directory; symbolic links are not followed. */
    public static void give(Path path) {
        if (!isRoot()) {
            return;
        }
        try (Stream<Path> paths = Files.walk(path)) {
            var owner = path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(UNPRIVILEGED);
            for (Path each : paths.toList()) {
                if (!Files.isSymbolicLink(each)) {
                    Files.setOwner(each, owner);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name of the account that owns a file. */
    public static String ownerOf(Path path) {
        try {
            return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command to its end, at most two minutes, and returns what it wrote; fails if its status is not 0. */
    public static String run(List<String> command, Map<String, String> environment) {
        try {
            Path output = Files.createTempFile("understudy-command", ".out");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(Path.of("/").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(2, TimeUnit.MINUTES)) {
                    process.destroyForcibly();
                    throw new IllegalStateException("timed out: " + command);
                }
                String text = Files.readString(output);
                if (process.exitValue() != 0) {
                    throw new IllegalStateException("status " + process.exitValue() + ": " + command + "\n" + text);
                }
                return text;
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted: " + command, e);
        }
    }
}
