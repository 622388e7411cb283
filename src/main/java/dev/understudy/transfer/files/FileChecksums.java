package dev.understudy.transfer.files;

import java.util.Arrays;

/** The checksums of many files by their number, in little memory: four bytes each, and 32 more where it is a SHA-256. */
public final class FileChecksums {
    private static final int SHA256_BYTES = 32;

    private int[] numbers = new int[1 << 8];
    private byte[] digests = new byte[0];
    /** Bit by bit, whether the number is that of a digest rather than a CRC-32C. */
    private final java.util.BitSet digested = new java.util.BitSet();

    private int digestCount;

    public void set(int file, FileChecksum checksum) {
        if (file >= numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(file + 1, numbers.length + numbers.length / 2));
        }
        digested.set(file, !checksum.isCrc32c());
        if (checksum.isCrc32c()) {
            numbers[file] = checksum.crc32c();
            return;
        }
        int at = digestCount * SHA256_BYTES;
        if (at == digests.length) {
            digests = Arrays.copyOf(digests, Math.max(64 * SHA256_BYTES, at + at / 2 / SHA256_BYTES * SHA256_BYTES));
        }
        System.arraycopy(checksum.value(), 0, digests, at, SHA256_BYTES);
        numbers[file] = digestCount++;
    }

    public FileChecksum get(int file) {
        if (!digested.get(file)) {
            return FileChecksum.crc32c(numbers[file]);
        }
        int at = numbers[file] * SHA256_BYTES;
        return FileChecksum.sha256(Arrays.copyOfRange(digests, at, at + SHA256_BYTES));
    }
}
