package dev.understudy.transfer;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.transfer.files.FileChecksum;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.TargetInventory;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.TargetHasher;
import dev.understudy.transfer.route.TargetReader;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Compares every byte of a target with what a copy left. Files with a CRC-32C are read; those with a SHA-256 are hashed where
 * they lie, by the target's own machine, if that is another one.
 */
public final class TargetContents {
    private static final int AT_ONCE = 500;
    private static final long BYTES_AT_ONCE = 1L << 30;

    private final Sink sink;
    private final TargetInventory inventory;
    private final Progress progress;
    private long done;

    /** Hears how far it is, and may end it by throwing. */
    public interface Progress {
        void at(long bytesDone, String path);
    }

    private TargetContents(Sink sink, TargetInventory inventory, Progress progress) {
        this.sink = sink;
        this.inventory = inventory;
        this.progress = progress;
    }

    /** The path of a file whose contents are others than the copy left, or that is gone; empty if there is none. */
    public static Optional<String> findChanged(Sink sink, TargetInventory inventory, Progress progress) {
        return new TargetContents(sink, inventory, progress).find();
    }

    private Optional<String> find() {
        List<Integer> hashed = new ArrayList<>();
        FileTable files = inventory.files();
        boolean byItself = hashesByItself();
        try (TargetReader reader = sink.reader().orElseThrow(this::unreadable)) {
            for (int file = 0; file < files.count(); file++) {
                if (!inventory.checksum(file).isCrc32c() && byItself) {
                    hashed.add(file);
                } else if (!isRight(reader, file)) {
                    return Optional.of(files.path(file));
                }
            }
        }
        return hashed.isEmpty() ? Optional.empty() : findHashed(hashed);
    }

    private UnderstudyException unreadable() {
        return UnderstudyException.of(ErrorCode.DEFECT, "the %s cannot be read again", sink.describe())
                .build();
    }

    private boolean isRight(TargetReader reader, int file) {
        String path = inventory.files().path(file);
        long size = inventory.files().size(file);
        CRC32C crc = new CRC32C();
        MessageDigest digest = sha256();
        boolean isCrc = inventory.checksum(file).isCrc32c();
        long length = reader.read(path, 0, size, isCrc ? crc::update : digest::update);
        report(size, path);
        FileChecksum found = isCrc ? FileChecksum.crc32c((int) crc.getValue()) : FileChecksum.sha256(digest.digest());
        return length == size && found.equals(inventory.checksum(file));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** A target of this machine is read; one elsewhere hashes, so that its files need not cross the network. */
    private boolean hashesByItself() {
        Optional<TargetHasher> hasher = sink.hasher();
        hasher.ifPresent(TargetHasher::close);
        return hasher.isPresent();
    }

    private Optional<String> findHashed(List<Integer> hashed) {
        FileTable files = inventory.files();
        try (TargetHasher hasher = sink.hasher().orElseThrow(this::unreadable)) {
            for (int from = 0; from < hashed.size(); ) {
                int to = from;
                long bytes = 0;
                while (to < hashed.size() && to - from < AT_ONCE && bytes < BYTES_AT_ONCE) {
                    bytes += files.size(hashed.get(to++));
                }
                Optional<String> changed = findHashed(hasher, hashed.subList(from, to));
                if (changed.isPresent()) {
                    return changed;
                }
                report(bytes, files.path(hashed.get(to - 1)));
                from = to;
            }
        }
        return Optional.empty();
    }

    private Optional<String> findHashed(TargetHasher hasher, List<Integer> some) {
        FileTable files = inventory.files();
        List<TargetHasher.Stretch> whole = some.stream()
                .map(file -> new TargetHasher.Stretch(files.path(file), 0, Long.MAX_VALUE))
                .toList();
        List<TargetHasher.Hashed> found = hasher.hash("SHA-256", whole);
        for (int each = 0; each < found.size(); each++) {
            int file = some.get(each);
            boolean right = found.get(each).length() == files.size(file)
                    && FileChecksum.sha256(found.get(each).digest()).equals(inventory.checksum(file));
            if (!right) {
                return Optional.of(files.path(file));
            }
        }
        return Optional.empty();
    }

    private void report(long bytes, String path) {
        done += bytes;
        progress.at(done, path);
    }
}
