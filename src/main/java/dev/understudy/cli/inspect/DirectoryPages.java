package dev.understudy.cli.inspect;

import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.pgfile.directory.RelationFile;
import dev.understudy.pgfile.page.PageChecker;
import dev.understudy.pgfile.page.PageFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Checks every page of a data directory, as pg_checksums does, but on as many threads as there are processors, and also
 * while a server works on it: a page that looks wrong is read again, since the server may have been writing it.
 *
 * <p>Source: {@code scan_directory} in {@code src/bin/pg_checksums/pg_checksums.c}.
 */
final class DirectoryPages {
    private static final int BUFFER_BYTES = 256 << 10;
    /** What one thread takes at a time of a large file; a multiple of every page size. */
    private static final long STRETCH_BYTES = 32L << 20;

    private static final int READS = 6;
    private static final long PAUSE_NANOS = 20_000_000L;

    private final Path directory;
    private final int pageBytes;
    private final int segmentBlocks;
    private final String tablespaceVersion;
    private final ConcurrentLinkedQueue<Stretch> stretches = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger files = new AtomicInteger();
    private final LongAdder pages = new LongAdder();

    /** A part of a file, in bytes. */
    private record Stretch(Path file, String path, int firstBlock, long offset, long length) {}

    /** A page that stays wrong, of a file by its path in the data directory. */
    record Failure(String path, PageFailure page) {}

    /**
     * What was found.
     *
     * @param failures by file and block
     */
    record Result(int files, long pages, List<Failure> failures) {}

    DirectoryPages(Path directory, ControlFile control) {
        this.directory = directory;
        this.pageBytes = control.sizes().blockSize();
        this.segmentBlocks = control.sizes().relationSegmentBlocks();
        this.tablespaceVersion = CopyRules.of(control.major()).tablespaceVersionDirectory();
    }

    /** @param threads how many read and check at the same time */
    Result check(int threads) {
        list();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<CompletableFuture<Void>> workers = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                workers.add(CompletableFuture.runAsync(this::work, executor));
            }
            workers.forEach(CompletableFuture::join);
        } catch (CompletionException failure) {
            stretches.clear();
            throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
        } finally {
            executor.shutdownNow();
        }
        List<Failure> sorted = new ArrayList<>(failures);
        sorted.sort(Comparator.comparing(Failure::path)
                .thenComparing(each -> Integer.toUnsignedLong(each.page().blockNumber())));
        return new Result(files.get(), pages.sum(), sorted);
    }

    private void list() {
        listFiles("global");
        below("base").forEach(this::listFiles);
        for (String tablespace : below("pg_tblspc")) {
            below(tablespace + "/" + tablespaceVersion).forEach(this::listFiles);
        }
    }

    private List<String> below(String path) {
        List<String> paths = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.resolve(path))) {
            entries.forEach(entry -> paths.add(path + "/" + entry.getFileName()));
        } catch (NoSuchFileException | NotDirectoryException nothing) {
            return List.of();
        } catch (IOException failure) {
            throw InspectOutput.unreadable(directory.resolve(path), failure);
        }
        paths.sort(Comparator.naturalOrder());
        return paths;
    }

    private void listFiles(String parent) {
        for (String path : below(parent)) {
            if (CopyRules.hasPageChecksums(path)) {
                RelationFile.find(path).ifPresent(relation -> add(path, relation.firstBlock(segmentBlocks)));
            }
        }
    }

    private void add(String path, int firstBlock) {
        Path file = directory.resolve(path);
        try {
            long size = Files.size(file);
            files.incrementAndGet();
            for (long offset = 0; offset < size; offset += STRETCH_BYTES) {
                stretches.add(new Stretch(file, path, firstBlock, offset, Math.min(STRETCH_BYTES, size - offset)));
            }
        } catch (NoSuchFileException dropped) {
            return;
        } catch (IOException failure) {
            throw InspectOutput.unreadable(file, failure);
        }
    }

    private void work() {
        PageChecker checker = new PageChecker(pageBytes);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        byte[] bytes = new byte[BUFFER_BYTES];
        for (Stretch stretch = stretches.poll(); stretch != null; stretch = stretches.poll()) {
            try (FileChannel channel = FileChannel.open(stretch.file())) {
                check(stretch, channel, checker, buffer, bytes);
            } catch (NoSuchFileException dropped) {
                continue;
            } catch (IOException failure) {
                throw InspectOutput.unreadable(stretch.file(), failure);
            }
        }
    }

    /** Part of a page at the end of a file is no page: the server cuts such a file when it recovers. */
    private void check(Stretch stretch, FileChannel channel, PageChecker checker, ByteBuffer buffer, byte[] bytes)
            throws IOException {
        long end = stretch.offset() + stretch.length();
        for (long offset = stretch.offset(); offset < end; ) {
            int whole = read(channel, offset, (int) Math.min(BUFFER_BYTES, end - offset), buffer, bytes) / pageBytes;
            if (whole == 0) {
                return;
            }
            int block = stretch.firstBlock() + (int) (offset / pageBytes);
            for (PageFailure failure : checker.check(bytes, 0, whole, block)) {
                long at = offset + (failure.blockNumber() - block) * (long) pageBytes;
                recheck(stretch, channel, checker, at, failure);
            }
            pages.add(whole);
            offset += (long) whole * pageBytes;
        }
    }

    private void recheck(Stretch stretch, FileChannel channel, PageChecker checker, long offset, PageFailure first)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(pageBytes);
        PageFailure failure = first;
        for (int reads = 1; reads < READS; reads++) {
            LockSupport.parkNanos(PAUSE_NANOS);
            if (read(channel, offset, pageBytes, buffer, buffer.array()) < pageBytes) {
                return;
            }
            List<PageFailure> again = checker.check(buffer.array(), 0, 1, first.blockNumber());
            if (again.isEmpty()) {
                return;
            }
            failure = again.get(0);
        }
        failures.add(new Failure(stretch.path(), failure));
    }

    /** How many bytes there were, now in {@code into}. */
    private static int read(FileChannel channel, long offset, int count, ByteBuffer buffer, byte[] into)
            throws IOException {
        buffer.clear().limit(count);
        while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) > 0) {
            // Goes on until the stretch or the file ends.
        }
        buffer.flip();
        int there = buffer.remaining();
        if (buffer.isDirect()) {
            buffer.get(into, 0, there);
        }
        return there;
    }
}
