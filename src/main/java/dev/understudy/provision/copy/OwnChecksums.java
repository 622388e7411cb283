package dev.understudy.provision.copy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.transfer.files.FileChecksum;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.TargetInventory;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.TargetReader;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Files that carry a CRC-32C of their own contents, pg_control and pg_filenode.map first of all. A CRC-32C over such a file
 * is the same whatever it says, as long as its own is right: an older one cannot be told from the copied one by it. They
 * are kept by their SHA-256.
 *
 * <p>Source: {@code pg_control.h}, {@code relmapper.c}, {@code twophase.c}, {@code origin.c}, {@code snapbuild.c}.
 */
final class OwnChecksums {
    private static final Pattern FILES = Pattern.compile("global/pg_control(\\..*)?|(.*/)?pg_filenode\\.map"
            + "|pg_twophase/.*|pg_logical/(replorigin_checkpoint|snapshots/.*)");

    private OwnChecksums() {}

    static boolean areIn(String path) {
        return FILES.matcher(path).matches();
    }

    /**
     * The same inventory with the SHA-256 of such files, which are read once more for it.
     *
     * @throws UnderstudyException {@link ErrorCode#TARGET_CHANGED} if one is not there as the copy left it
     */
    static TargetInventory hashed(TargetInventory inventory, Sink sink) {
        TargetInventory hashed = new TargetInventory();
        FileTable files = inventory.files();
        try (TargetReader reader = reader(sink)) {
            for (int file = 0; file < files.count(); file++) {
                String path = files.path(file);
                if (areIn(path) && inventory.checksum(file).isCrc32c()) {
                    FileChecksum checksum = read(reader, path, files.size(file), inventory.checksum(file));
                    hashed.add(
                            path, files.size(file), files.modifiedSeconds(file), files.modifiedNanos(file), checksum);
                } else {
                    inventory.copyTo(hashed, file);
                }
            }
        }
        return hashed;
    }

    private static TargetReader reader(Sink sink) {
        return sink.reader()
                .orElseThrow(() -> UnderstudyException.of(ErrorCode.DEFECT, "cannot read the %s", sink.describe())
                        .build());
    }

    private static FileChecksum read(TargetReader reader, String path, long size, FileChecksum expected) {
        MessageDigest digest = sha256();
        CRC32C crc = new CRC32C();
        Consumer<ByteBuffer> both = buffer -> {
            crc.update(buffer.duplicate());
            digest.update(buffer);
        };
        long length = reader.read(path, 0, size, both);
        if (length != size || (int) crc.getValue() != expected.crc32c()) {
            throw CopiedInventory.changed(path, "its contents have another checksum than the copy left");
        }
        return FileChecksum.sha256(digest.digest());
    }

    /** The SHA-256 of contents. */
    static FileChecksum of(byte[] contents) {
        return FileChecksum.sha256(sha256().digest(contents));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
