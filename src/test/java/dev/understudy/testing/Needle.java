package dev.understudy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

/**
 * A secret that is looked for wherever it should not be. Its middle is letters and digits at random, which no quoting or
 * encoding changes; around that are the signs that quoting is about.
 */
public final class Needle {
    private final String core;

    public Needle() {
        core = "Nd" + Long.toUnsignedString(new java.security.SecureRandom().nextLong(), 36) + "x9";
    }

    /** The whole secret. */
    public String secret() {
        return "a'b\\c:d %@/" + core + "=;#";
    }

    /** The secret in a connection string of keywords and values. */
    public String quoted() {
        return "'" + secret().replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** The secret in a URI. */
    public String encoded() {
        StringBuilder encoded = new StringBuilder();
        for (byte each : secret().getBytes(StandardCharsets.UTF_8)) {
            encoded.append(Character.isLetterOrDigit(each) ? String.valueOf((char) each) : "%%%02X".formatted(each));
        }
        return encoded.toString();
    }

    /** The secret as SQL's literal. */
    public String literal() {
        return "E'" + secret().replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /** The secret in a password file. */
    public String escaped() {
        return secret().replace("\\", "\\\\").replace(":", "\\:");
    }

    public boolean isIn(String text) {
        return text.contains(core);
    }

    /** Files below a directory that hold it, or whose names do; links are not followed. */
    public Set<Path> filesBelow(Path directory) {
        Set<Path> found = new TreeSet<>();
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (isIn(file.getFileName().toString()) || attributes.isRegularFile() && isInside(file)) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    return FileVisitResult.CONTINUE; // A server's file that went away meanwhile.
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return found;
    }

    private boolean isInside(Path file) throws IOException {
        // One character a byte, so that nothing is lost on the way.
        return isIn(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
    }

    /** Watches the command lines of all processes of this machine until it is closed. */
    public Watch watch() {
        return new Watch();
    }

    /** Looks at command lines again and again. */
    public final class Watch implements AutoCloseable {
        private final Set<String> found = new ConcurrentSkipListSet<>();
        private final Thread thread = new Thread(this::run, "process list");
        private volatile boolean ended;
        private volatile long looks;

        private Watch() {
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            while (!ended) {
                try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
                    processes
                            .filter(process -> Character.isDigit(
                                    process.getFileName().toString().charAt(0)))
                            .forEach(this::look);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
                looks++;
            }
        }

        private void look(Path process) {
            try {
                String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
                if (isIn(line)) {
                    found.add(line.replace('\0', ' '));
                }
            } catch (IOException ended) {
                // It is gone: the next look is at those that are there then.
            }
        }

        /** The command lines that held it, of at least one look at all of them. */
        public List<String> found() throws InterruptedException {
            ended = true;
            thread.join();
            if (looks == 0) {
                throw new IllegalStateException("the process list was not looked at");
            }
            return new ArrayList<>(found);
        }

        @Override
        public void close() throws InterruptedException {
            ended = true;
            thread.join();
        }
    }
}
