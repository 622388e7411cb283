package dev.understudy.transfer.files;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The files of the target as a copy left them: path, size, time of modification, checksum. It can be kept in a file:
 *
 * <pre>
 * bytes      field
 * 24         "UNDERSTUDY INVENTORY 3\n" and a zero
 * 4          number of files
 * per file   2 length of the path, the path in UTF-8, 8 size, 8 modification in seconds, 4 nanoseconds of it, 1 length of
 *            the checksum, the checksum: of 4 bytes a CRC-32C, of 32 a SHA-256
 * 8          CRC-32C of all before
 * </pre>
 *
 * All numbers have their highest byte first.
 */
public final class TargetInventory {
    private static final byte[] MAGIC =
            Arrays.copyOf("UNDERSTUDY INVENTORY 3\n".getBytes(StandardCharsets.US_ASCII), 24);

    private final FileTable files = new FileTable();
    private final FileChecksums checksums = new FileChecksums();

    /** Adds a file that the copy wrote: its time in the target is exactly this second, with no fraction. */
    public void add(String path, long size, long modifiedSeconds, FileChecksum checksum) {
        add(path, size, modifiedSeconds, 0, checksum);
    }

    /** Adds a file that another wrote, with its time to the nanosecond. */
    public void add(String path, long size, long modifiedSeconds, int modifiedNanos, FileChecksum checksum) {
        checksums.set(files.add(path, size, modifiedSeconds, modifiedNanos, -1), checksum);
    }

    /** Adds a file of the copy's whose CRC-32C is known. */
    public void add(String path, long size, long modifiedSeconds, int crc32c) {
        add(path, size, modifiedSeconds, FileChecksum.crc32c(crc32c));
    }

    /** Adds a file of this inventory, as it is there, to another one. */
    public void copyTo(TargetInventory other, int file) {
        other.add(
                files.path(file),
                files.size(file),
                files.modifiedSeconds(file),
                files.modifiedNanos(file),
                checksum(file));
    }

    /** Paths, sizes and times. */
    public FileTable files() {
        return files;
    }

    /** The checksum of the whole file as the target has it. */
    public FileChecksum checksum(int file) {
        return checksums.get(file);
    }

    /** Writes this to a file that only its owner may read, replacing an older one. */
    public void save(Path path) {
        Path temporary = path.resolveSibling(path.getFileName() + ".new");
        try {
            Files.deleteIfExists(temporary);
            Files.createFile(
                    temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            CheckedOutputStream checked = new CheckedOutputStream(Files.newOutputStream(temporary), new CRC32C());
            try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(checked, 1 << 16))) {
                out.write(MAGIC);
                out.writeInt(files.count());
                for (int file = 0; file < files.count(); file++) {
                    byte[] name = files.path(file).getBytes(StandardCharsets.UTF_8);
                    out.writeShort(name.length);
                    out.write(name);
                    out.writeLong(files.size(file));
                    out.writeLong(files.modifiedSeconds(file));
                    out.writeInt(files.modifiedNanos(file));
                    byte[] checksum = checksums.get(file).value();
                    out.writeByte(checksum.length);
                    out.write(checksum);
                }
                out.flush();
                out.writeLong(checked.getChecksum().getValue());
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw UnderstudyException.of(ErrorCode.FILE_IO, "could not write inventory \"%s\"", path)
                    .detail("%s", String.valueOf(failure.getMessage()))
                    .cause(failure)
                    .build();
        }
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws UnderstudyException {@link ErrorCode#INVENTORY_INVALID} if it is something else or damaged
     */
    public static TargetInventory load(Path path) {
        try (CheckedInputStream checked = new CheckedInputStream(
                        new BufferedInputStream(Files.newInputStream(path), 1 << 16), new CRC32C());
                DataInputStream in = new DataInputStream(checked)) {
            if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                throw invalid(path, "It does not begin as an inventory does.");
            }
            TargetInventory inventory = new TargetInventory();
            int count = in.readInt();
            for (int file = 0; file < count; file++) {
                String name = new String(in.readNBytes(in.readUnsignedShort()), StandardCharsets.UTF_8);
                inventory.add(name, in.readLong(), in.readLong(), in.readInt(), checksum(in, path));
            }
            long checksum = checked.getChecksum().getValue();
            if (in.readLong() != checksum) {
                throw invalid(path, "Its checksum is wrong.");
            }
            return inventory;
        } catch (EOFException failure) {
            throw invalid(path, "It ends too early.");
        } catch (IOException failure) {
            throw UnderstudyException.of(ErrorCode.FILE_IO, "could not read inventory \"%s\"", path)
                    .detail("%s", String.valueOf(failure.getMessage()))
                    .cause(failure)
                    .build();
        }
    }

    private static FileChecksum checksum(DataInputStream in, Path path) throws IOException {
        byte[] value = in.readNBytes(in.readUnsignedByte());
        return switch (value.length) {
            case 4 -> new FileChecksum(FileChecksum.CRC32C, value);
            case 32 -> FileChecksum.sha256(value);
            default -> throw invalid(path, "It has a checksum of an unknown kind.");
        };
    }

    private static UnderstudyException invalid(Path path, String detail) {
        return UnderstudyException.of(ErrorCode.INVENTORY_INVALID, "cannot use inventory \"%s\"", path)
                .detail("%s", detail)
                .build();
    }
}
