package dev.understudy.transfer.local;

import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Brings files to the disk: large ones while the copy goes on, by one thread, so that little is left for the end; then
 * everything by one flush of each file system.
 */
final class WriteBack implements AutoCloseable {
    /** Smaller stretches are left to the final flush: a flush each would cost more than it saves. */
    private static final long EARLY_BYTES = 4 << 20;

    private static final long LIVENESS_EVERY_MILLIS = 250;
    private static final long LONGEST_FLUSH_SECONDS = 4 * 3600;

    private static final Pattern NO_SUCH_OPTION = Pattern.compile("option|[Uu]sage");

    private final List<String> program;
    private final LocalSink sink;
    private final Runnable liveness;
    private final AtomicReference<@Nullable UnderstudyException> failure = new AtomicReference<>();
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(1000),
            task -> new Thread(task, "write-back"),
            new ThreadPoolExecutor.DiscardPolicy());

    WriteBack(LocalSink sink, Runnable liveness) {
        this(sink, liveness, List.of("sync", "-f"));
    }

    /** @param program what flushes the file system that the path given to it lies on */
    WriteBack(LocalSink sink, Runnable liveness, List<String> program) {
        this.program = List.copyOf(program);
        this.sink = sink;
        this.liveness = liveness;
        thread.allowCoreThreadTimeOut(true);
    }

    void enqueue(String path, long bytes) {
        if (bytes >= EARLY_BYTES && !thread.isShutdown()) {
            thread.execute(() -> flush(path));
        }
    }

    private void flush(String path) {
        try (LocalRoots roots = sink.openRoots();
                FileChannel file = roots.open(path, Set.of(StandardOpenOption.WRITE))) {
            file.force(false);
        } catch (NoSuchFileException gone) {
            return; // The source dropped it, and so did the copy.
        } catch (IOException problem) {
            failure.compareAndSet(null, sink.failure(problem, "could not flush", path));
        } catch (UnderstudyException problem) {
            failure.compareAndSet(null, problem);
        }
    }

    /** Waits for the early flushes, then flushes all below the roots. */
    void finish(Set<Path> roots) {
        try {
            thread.shutdown();
            while (!thread.awaitTermination(LIVENESS_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                liveness.run();
            }
            for (Path root : roots) {
                flushFileSystem(root);
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new java.util.concurrent.CancellationException("the flush was interrupted");
        }
        UnderstudyException problem = failure.get();
        if (problem != null) {
            throw problem;
        }
    }

    /**
     * By the program, which flushes a whole file system at once. What it says of the disk is final: a file that is flushed
     * after its error was told once is told to be well. Only a machine without such a program has each file flushed.
     */
    private void flushFileSystem(Path root) throws InterruptedException {
        String said;
        try {
            Path output = Files.createTempFile("understudy-sync", ".txt");
            try {
                if (runSync(root, output) == 0) {
                    return;
                }
                said = Files.readString(output).strip();
            } finally {
                Files.delete(output);
            }
        } catch (IOException noSuchProgram) {
            flushOneByOne(root);
            return;
        }
        if (!NO_SUCH_OPTION.matcher(said).find()) {
            throw LocalErrors.of(new IOException(said), "could not flush", root.toString());
        }
        flushOneByOne(root);
    }

    private int runSync(Path root, Path output) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(program);
        line.add(root.toString());
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("LC_ALL", "C");
        Process sync = builder.start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_FLUSH_SECONDS);
        while (!sync.waitFor(LIVENESS_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
            liveness.run();
            if (System.nanoTime() > deadline) {
                sync.destroyForcibly();
                throw LocalErrors.of(
                        new IOException("it was not flushed within four hours"), "could not flush", root.toString());
            }
        }
        return sync.exitValue();
    }

    private void flushOneByOne(Path root) {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    liveness.run();
                    if (attributes.isRegularFile()) {
                        force(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException problem)
                        throws IOException {
                    force(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException problem) {
            throw LocalErrors.of(problem, "could not flush", root.toString());
        }
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
