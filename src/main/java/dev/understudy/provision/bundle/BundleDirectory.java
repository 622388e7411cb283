package dev.understudy.provision.bundle;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A bundle's directory: what the keeper says of itself while the backup is open, and the bundle once it is complete. A
 * bundle is complete when {@code bundle.json} is there, which is written last.
 *
 * @param path absolute
 */
public record BundleDirectory(Path path) {
    private static final String BUNDLE = "bundle.json";
    private static final String LABEL = "backup_label";
    private static final String MAP = "tablespace_map";
    private static final String STATE = "keeper.json";
    private static final String LOCK = "keeper.lock";
    private static final String LOG = "keeper.log";
    private static final String END = "end-requested";
    private static final String DROP = "drop-requested";
    private static final List<String> KEEPERS = List.of(STATE, LOCK, LOG, END, DROP);
    private static final FileAttribute<?> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> DIRECTORY_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    public static BundleDirectory of(Path path) {
        return new BundleDirectory(path.toAbsolutePath().normalize());
    }

    /** This machine's name, by which a keeper says where it works. */
    public static String thisHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** What the keeper itself has to say. */
    public Path log() {
        return path.resolve(LOG);
    }

    /**
     * Takes the directory for a new backup, making it if it is not there. Two that try at once cannot both get it.
     *
     * @return whether it was made
     * @throws UnderstudyException {@link ErrorCode#BUNDLE_TAKEN} unless it is empty
     */
    public boolean claim(KeeperState first) {
        try {
            boolean made = make();
            try (Stream<Path> entries = Files.list(path)) {
                if (entries.findAny().isPresent()) {
                    throw taken();
                }
            }
            Files.write(Files.createFile(path.resolve(STATE), FILE_MODE), KeeperStateFormat.write(first));
            return made;
        } catch (FileAlreadyExistsException e) {
            throw taken();
        } catch (IOException e) {
            throw failed("use", path, e);
        }
    }

    private boolean make() throws IOException {
        if (Files.isDirectory(path)) {
            return false;
        }
        Path parent = path.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createDirectory(path, DIRECTORY_MODE);
        return true;
    }

    private UnderstudyException taken() {
        return UnderstudyException.of(ErrorCode.BUNDLE_TAKEN, "directory \"%s\" is not empty", path)
                .detail("%s", hasState() ? "A backup was begun with it." : "Something else is in it.")
                .hint("Choose another directory; \"understudy backup status --bundle %s\" says what is there.", path)
                .build();
    }

    /** Whether a backup was begun with this directory. */
    public boolean hasState() {
        return Files.exists(path.resolve(STATE));
    }

    /** @throws UnderstudyException {@link ErrorCode#BUNDLE_INVALID} if no backup was begun with this directory */
    public KeeperState state() {
        if (!hasState()) {
            throw BundleFormat.invalid("\"%s\" has no keeper.json: no backup was begun with it".formatted(path));
        }
        return KeeperStateFormat.read(read(STATE));
    }

    /** Replaces what the keeper says of itself. */
    public void write(KeeperState state) {
        replace(STATE, KeeperStateFormat.write(state));
    }

    public boolean isComplete() {
        return Files.exists(path.resolve(BUNDLE));
    }

    /**
     * Reads and checks the bundle.
     *
     * @throws UnderstudyException {@link ErrorCode#BUNDLE_INCOMPLETE}, {@link ErrorCode#BUNDLE_INVALID}
     */
    public Bundle bundle() {
        if (!isComplete()) {
            throw hasState() ? incomplete() : BundleFormat.invalid("\"%s\" has no bundle.json".formatted(path));
        }
        return BundleFormat.read(read(BUNDLE), read(LABEL), read(MAP));
    }

    private UnderstudyException incomplete() {
        KeeperState state = state();
        UnderstudyException.Builder error = UnderstudyException.of(
                ErrorCode.BUNDLE_INCOMPLETE, "the bundle \"%s\" is not complete: it has no label", path);
        return state.failure()
                .map(failure -> error.detail("Its backup was given up: %s.", failure.message())
                        .hint("What was cloned during it is worthless. Begin anew."))
                .orElseGet(() -> error.detail("Its backup has not ended.")
                        .hint("End it with: understudy backup end --bundle %s", path))
                .build();
    }

    /** Completes the bundle: map, then label, and last what makes them one. */
    void complete(Bundle bundle) {
        replace(MAP, bundle.tablespaceMap());
        replace(LABEL, bundle.label().bytes());
        replace(BUNDLE, BundleFormat.write(bundle));
    }

    /** Of a backup that was given up no label may be left; this one was written right before its keeper died. */
    void discardLabel() {
        try {
            for (String name : List.of(BUNDLE, LABEL, MAP)) {
                Files.deleteIfExists(path.resolve(name));
            }
        } catch (IOException e) {
            throw failed("remove", path.resolve(LABEL), e);
        }
    }

    /** Asks the keeper to end the backup. */
    void requestEnd() {
        replace(END, new byte[0]);
    }

    boolean isEndRequested() {
        return Files.exists(path.resolve(END));
    }

    /** Asks the keeper to give the backup up. */
    void requestDrop() {
        replace(DROP, new byte[0]);
    }

    boolean isDropRequested() {
        return Files.exists(path.resolve(DROP));
    }

    /** Removes what a backup that never started has put here. */
    public void release(boolean made) {
        try {
            for (String name : KEEPERS) {
                Files.deleteIfExists(path.resolve(name));
            }
            if (made) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw failed("remove", path, e);
        }
    }

    /** Held as long as a keeper works; the system takes it back when its process ends, however that ends. */
    final class Hold implements AutoCloseable {
        private final FileChannel channel;

        private Hold(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw failed("close", path.resolve(LOCK), e);
            }
        }
    }

    /** @throws UnderstudyException {@link ErrorCode#BUNDLE_TAKEN} if another keeper works with the directory */
    Hold hold() {
        try {
            FileChannel channel = FileChannel.open(
                    path.resolve(LOCK), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), FILE_MODE);
            if (tryLock(channel) == null) {
                channel.close();
                throw taken();
            }
            return new Hold(channel);
        } catch (IOException e) {
            throw failed("lock", path.resolve(LOCK), e);
        }
    }

    /** Whether a keeper of this machine works with the directory. */
    public boolean isHeld() {
        if (!Files.exists(path.resolve(LOCK))) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.WRITE)) {
            return tryLock(channel) == null;
        } catch (IOException e) {
            throw failed("look at", path.resolve(LOCK), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // A keeper in this very process.
            return null;
        }
    }

    private byte[] read(String name) {
        Path file = path.resolve(name);
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw UnderstudyException.of(
                            ErrorCode.BUNDLE_INVALID, "the bundle cannot be used: could not read \"%s\"", file)
                    .detail("%s", e)
                    .cause(e)
                    .build();
        }
    }

    private void replace(String name, byte[] contents) {
        Path temporary = path.resolve(name + ".tmp");
        try {
            Files.deleteIfExists(temporary);
            Files.createFile(temporary, FILE_MODE);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(contents);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw failed("write", path.resolve(name), e);
        }
    }

    private static UnderstudyException failed(String verb, Path file, IOException e) {
        return UnderstudyException.of(ErrorCode.FILE_IO, "could not %s \"%s\"", verb, file)
                .detail("%s", e)
                .cause(e)
                .build();
    }
}
