package dev.understudy.engine.journal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Locks on files that die with their process, so that a dead one's file is never in the way. A file says who holds it:
 * pid, a space, the run. Files stay when released; removing them would race with the next holder.
 *
 * <p>POSIX drops a process's lock on a file as soon as it closes any descriptor of that file, so what this process holds
 * is remembered here and never opened a second time.
 */
final class FileLocks {
    private static final Map<Path, String> HELD_HERE = new HashMap<>();

    private FileLocks() {}

    /** A lock that is held until closed. */
    static final class Held implements AutoCloseable {
        private final Path file;
        private final FileChannel channel;

        private Held(Path file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        @Override
        public void close() {
            synchronized (HELD_HERE) {
                if (HELD_HERE.remove(file) == null) {
                    return;
                }
                try {
                    channel.close();
                } catch (IOException e) {
                    throw unusable(file, e);
                }
            }
        }
    }

    /**
     * Takes the lock.
     *
     * @param what what is locked, for the refusal: {@code run "…"}
     * @throws UnderstudyException {@link ErrorCode#RUN_ALIVE} naming the holder's pid
     */
    static Held take(Path path, String what, String run) {
        Path file = path.toAbsolutePath().normalize();
        synchronized (HELD_HERE) {
            String here = HELD_HERE.get(file);
            if (here != null) {
                throw alive(what, here);
            }
            try {
                return takeFree(file, what, run);
            } catch (IOException e) {
                throw unusable(file, e);
            }
        }
    }

    private static Held takeFree(Path file, String what, String run) throws IOException {
        FileChannel channel = open(file, true);
        try {
            if (tryLock(channel) == null) {
                throw alive(what, holder(channel));
            }
            String holder = ProcessHandle.current().pid() + " " + run;
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((holder + "\n").getBytes(StandardCharsets.UTF_8)), 0);
            HELD_HERE.put(file, holder);
            return new Held(file, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Who holds the lock now, as pid, a space and the run; empty if nobody does. Takes nothing. */
    static Optional<String> findHolder(Path path) {
        Path file = path.toAbsolutePath().normalize();
        synchronized (HELD_HERE) {
            if (HELD_HERE.containsKey(file)) {
                return Optional.ofNullable(HELD_HERE.get(file));
            }
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            try (FileChannel channel = open(file, false)) {
                return tryLock(channel) == null ? Optional.of(holder(channel)) : Optional.empty();
            } catch (IOException e) {
                throw unusable(file, e);
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another class loader's copy of this class holds it.
            return null;
        }
    }

    private static FileChannel open(Path file, boolean create) throws IOException {
        Set<StandardOpenOption> options = create
                ? Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)
                : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
        return FileChannel.open(
                file, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(512);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
    }

    private static UnderstudyException alive(String what, String holder) {
        String[] parts = holder.split(" ", 2);
        UnderstudyException.Builder error = UnderstudyException.of(
                ErrorCode.RUN_ALIVE,
                "process %s is working on %s",
                parts[0].isEmpty() ? "of unknown pid" : parts[0],
                what);
        if (parts.length == 2) {
            error.detail("Its run is %s.", parts[1]);
        }
        return error.hint("Wait for it to end, or stop it.").build();
    }

    private static UnderstudyException unusable(Path file, IOException cause) {
        return StateDirectory.unusable("cannot lock", file, cause);
    }
}
