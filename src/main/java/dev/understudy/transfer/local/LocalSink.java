package dev.understudy.transfer.local;

import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Account;
import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.files.TargetListing;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.SinkWriter;
import dev.understudy.transfer.route.TargetReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A data directory on this machine. */
public final class LocalSink implements Sink {
    private final TargetLayout layout;
    private final Ownership ownership;
    private final Map<String, Path> roots = new TreeMap<>();
    private final WriteBack writeBack;
    private volatile Consumer<String> beforeChange = path -> {};
    private volatile boolean direct = true;

    /**
     * @param layout where its parts lie
     * @param owner whose the files shall be
     * @param liveness called while the last flush takes its time
     */
    public LocalSink(TargetLayout layout, Account owner, Runnable liveness) {
        this.layout = layout;
        this.ownership = Ownership.of(owner);
        layout.roots().forEach((prefix, directory) -> roots.put(prefix, Path.of(directory)));
        this.writeBack = new WriteBack(this, liveness);
    }

    @Override
    public String describe() {
        return "target \"%s\"".formatted(layout.dataDirectory());
    }

    @Override
    public TargetLayout layout() {
        return layout;
    }

    @Override
    public TargetListing list() {
        return new LocalTargetLister(layout, roots).list();
    }

    @Override
    public void makeRoots(SourceListing source) {
        new LocalRootMaker(layout, roots, ownership).make(source.directoryMode());
    }

    @Override
    public void makeDirectories(SourceListing source) {
        try (LocalRoots open = openRoots()) {
            for (String path : source.directories()) {
                if (!roots.containsKey(path)) {
                    makeDirectory(open, path, source.directoryMode());
                }
            }
        }
    }

    private void makeDirectory(LocalRoots open, String path, int mode) {
        try {
            open.makeDirectory(path, PosixFilePermissions.asFileAttribute(Modes.permissions(mode)));
            open.locate(path + "/."); // It must be a directory itself, too.
            ownership.settle(open.locate(path), mode);
        } catch (IOException failure) {
            throw failure(failure, "could not make directory", path);
        }
    }

    @Override
    public void remove(List<String> paths) {
        try (LocalRoots open = openRoots()) {
            for (String path : paths) {
                remove(open, path);
            }
        }
    }

    private void remove(LocalRoots open, String path) {
        try {
            LocalRemoval.remove(open.locate(path));
        } catch (IOException failure) {
            throw failure(failure, "could not remove", path);
        }
    }

    @Override
    public void setAside(List<String> paths, String aside) {
        try (LocalRoots open = openRoots()) {
            for (String path : paths) {
                setAside(open, path, free(aside, path));
            }
        }
    }

    private static Path free(String aside, String path) {
        Path free = Path.of(aside).resolve(path);
        for (int number = 1; Files.exists(free, LinkOption.NOFOLLOW_LINKS); number++) {
            free = Path.of(aside + "." + number).resolve(path);
        }
        return free;
    }

    @Override
    public void beforeChange(Consumer<String> listener) {
        beforeChange = listener;
    }

    /** A writer is about to change a file. */
    void changing(String path) {
        beforeChange.accept(path);
    }

    private void setAside(LocalRoots open, String path, Path to) {
        try {
            Path directory = Objects.requireNonNull(to.getParent());
            makeAside(directory);
            LocalRoots.Place place = open.locate(path); // None of the parents may be a link.
            try (SafeDirectories aside = new SafeDirectories(directory)) {
                place.directory().move(place.name(), aside.at(""), to.getFileName());
            } catch (AtomicMoveNotSupportedException otherFileSystem) {
                Files.move(open.absolute(path), to);
            }
        } catch (IOException failure) {
            throw failure(failure, "could not set aside", path);
        }
    }

    /** Its owner puts back from there what an abort wants back. */
    private void makeAside(Path directory) throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        makeAside(Objects.requireNonNull(directory.getParent()));
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(Modes.permissions(0700)));
        ownership.settleDirectory(directory, 0700);
    }

    @Override
    public SinkWriter open() {
        return new LocalWriter(this);
    }

    @Override
    public Optional<TargetReader> reader() {
        return Optional.of(new LocalTargetReader(this));
    }

    @Override
    public void writeFlushed(String path, byte[] contents, int mode) {
        try (LocalRoots open = openRoots()) {
            try (FileChannel file = open.open(
                    path,
                    Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING),
                    PosixFilePermissions.asFileAttribute(Modes.permissions(mode)))) {
                ByteBuffer bytes = ByteBuffer.wrap(contents);
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
                file.force(true);
            }
            LocalRoots.Place place = open.locate(path);
            ownership.settle(place, mode, FileTime.fromMillis(System.currentTimeMillis()));
            try (FileChannel directory =
                    FileChannel.open(open.absolute(path).resolveSibling("."), StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException failure) {
            throw failure(failure, "could not write", path);
        }
    }

    @Override
    public void flush() {
        writeBack.finish(Set.copyOf(roots.values()));
    }

    /** A stretch of a file is written: the disk may begin with it. */
    void writeBackEarly(String path, long bytes) {
        writeBack.enqueue(path, bytes);
    }

    /** Whether long stretches go past the page cache; until a file system of the target is found to refuse it. */
    boolean writesDirectly() {
        return direct;
    }

    /** From now on everything goes through the page cache. */
    void writeThroughCache() {
        direct = false;
    }

    void settle(LocalRoots.Place place, int mode, FileTime modified) throws IOException {
        ownership.settle(place, mode, modified);
    }

    LocalRoots openRoots() {
        return new LocalRoots(roots);
    }

    UnderstudyException failure(IOException failure, String doing, String path) {
        try (LocalRoots names = openRoots()) {
            return LocalErrors.of(failure, doing, names.absolute(path).toString());
        }
    }

    @Override
    public void removeAll(Set<String> madeRoots) {
        for (Map.Entry<String, Path> root : roots.entrySet()) {
            try {
                LocalRemoval.empty(root.getValue());
                if (madeRoots.contains(root.getValue().toString())) {
                    Files.deleteIfExists(root.getValue());
                }
            } catch (IOException failure) {
                throw LocalErrors.of(
                        failure, "could not remove", root.getValue().toString());
            }
        }
    }

    @Override
    public void close() {
        writeBack.close();
    }
}
