package dev.understudy.provision;

import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.run.EngineListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a target has not, or has otherwise than its source, and what is sent to make up for it. */
final class MissingBytes {
    /** Stretches that the routes compare at the finest. */
    private static final int COMPARED_BYTES = 1 << 20;

    private final List<Long> sent = new ArrayList<>();

    /** Of the files below a directory of the source, WAL apart, now, in the stretches that the routes compare. */
    static long of(Path source, Path below, Path target) throws IOException {
        long[] differing = new long[1];
        Files.walkFileTree(below, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return directory.endsWith("pg_wal") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    differing[0] += differing(file, target.resolve(source.relativize(file)));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE; // It went away, as the writers' tables do.
            }
        });
        return differing[0];
    }

    private static long differing(Path file, Path other) {
        try {
            byte[] here = Files.readAllBytes(file);
            byte[] there = Files.exists(other) ? Files.readAllBytes(other) : new byte[0];
            long differing = 0;
            for (int at = 0; at < here.length; at += COMPARED_BYTES) {
                int end = Math.min(here.length, at + COMPARED_BYTES);
                boolean same = end <= there.length && Arrays.equals(here, at, end, there, at, end);
                differing += same ? 0 : end - at;
            }
            return differing;
        } catch (NoSuchFileException gone) {
            return 0; // As above.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hears what each copy of a run sends. */
    EngineListener listener() {
        return event -> {
            if (event instanceof JournalEvent.Published part && part.part().equals("copy")) {
                sent.add(((Number) part.content().get("bytesTransferred")).longValue());
            }
        };
    }

    /** The bytes that each copy sent. */
    List<Long> sent() {
        return sent;
    }
}
