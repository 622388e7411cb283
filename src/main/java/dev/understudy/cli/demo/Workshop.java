package dev.understudy.cli.demo;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Account;
import dev.understudy.host.Host;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The one directory under which everything of a demo lies, and the account that its servers run as.
 *
 * @param root absolute path; everybody may pass through it, as root's programs have to be run by another account
 * @param host this machine as that account
 */
record Workshop(Path root, Host host) {
    /**
     * Makes the directory in the system's temporary directory.
     *
     * @param local this machine as whoever runs Understudy
     */
    static Workshop open(Host local) {
        Host host = local.account().isRoot() ? local.as(unprivileged(local)) : local;
        try {
            Path root =
                    make(Path.of(System.getProperty("java.io.tmpdir", "/tmp")).toRealPath());
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
            return new Workshop(root, host);
        } catch (IOException e) {
            throw failed("cannot make a directory for the demo in \"" + System.getProperty("java.io.tmpdir") + "\"", e);
        }
    }

    /** A short name, because it is part of every path that the demo shows. */
    private static Path make(Path temporary) throws IOException {
        while (true) {
            String number = "%04x".formatted(ThreadLocalRandom.current().nextInt(0x10000));
            Path root = temporary.resolve("understudy-demo-" + number);
            try {
                return Files.createDirectory(root);
            } catch (FileAlreadyExistsException taken) {
                continue;
            }
        }
    }

    /** PostgreSQL refuses to run as root. */
    private static Account unprivileged(Host local) {
        return List.of("postgres", "nobody").stream()
                .map(local::findAccount)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> UnderstudyException.of(
                                ErrorCode.ACCOUNT_UNAVAILABLE,
                                "no account \"postgres\" or \"nobody\" to run servers as")
                        .hint("Run the demo as an ordinary user.")
                        .build());
    }

    /** A directory in it that only the servers' account can read. */
    Path privateDirectory(String name) {
        Path directory = root.resolve(name);
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            give(directory);
        } catch (IOException e) {
            throw failed("cannot make directory \"" + directory + "\"", e);
        }
        return directory;
    }

    /** A file that only the servers' account can read, from its first byte on. */
    Path secretFile(Path file, String contents) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, contents);
            give(file);
        } catch (IOException e) {
            throw failed("cannot write file \"" + file + "\"", e);
        }
        return file;
    }

    /** A directory in it that everybody can read. */
    Path publicDirectory(String name) {
        Path directory = root.resolve(name);
        try {
            Files.createDirectory(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw failed("cannot make directory \"" + directory + "\"", e);
        }
        return directory;
    }

    /** Makes the servers' account the owner, so that it may read and write. */
    private void give(Path path) throws IOException {
        if (host.account().uid() != (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)) {
            Files.setAttribute(path, "unix:gid", host.account().gid(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:uid", host.account().uid(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** A port of the loopback interface that nobody listens on now. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw failed("cannot find a free port", e);
        }
    }

    /** Removes everything, links but not what they point at. What is gone already is fine. */
    void remove() {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(root, new Remover());
        } catch (IOException e) {
            throw UnderstudyException.of(ErrorCode.DEMO_LEFT, "could not remove the demo's directory \"%s\"", root)
                    .detail("%s", String.valueOf(e.getMessage()))
                    .hint("Remove it with: rm -r '%s'", root)
                    .cause(e)
                    .build();
        }
    }

    static UnderstudyException failed(String message, IOException cause) {
        return UnderstudyException.of(ErrorCode.DEMO_FAILED, "%s", message)
                .detail("%s", String.valueOf(cause.getMessage()))
                .cause(cause)
                .build();
    }

    private static final class Remover extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        /** A file that a server removed while we looked is no failure. */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException error) throws IOException {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw error;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error) throws IOException {
            if (error != null) {
                throw error;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
