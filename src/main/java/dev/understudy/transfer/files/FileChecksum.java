package dev.understudy.transfer.files;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * What tells whether a file is as a copy left it.
 *
 * @param algorithm {@link #CRC32C} where every byte passed through this process; {@link #SHA256} where the target's machine
 *     compared and hashed what it had already; as a backup manifest names them
 * @param value the bytes of the checksum; those of a CRC-32C with the highest first
 */
public record FileChecksum(String algorithm, byte[] value) {
    public static final String CRC32C = "CRC32C";
    public static final String SHA256 = "SHA256";

    public FileChecksum {
        int expected = algorithm.equals(CRC32C) ? 4 : 32;
        if (value.length != expected) {
            throw new IllegalArgumentException("a checksum of %d bytes".formatted(value.length));
        }
        value = value.clone();
    }

    public static FileChecksum crc32c(int crc) {
        return new FileChecksum(
                CRC32C, new byte[] {(byte) (crc >>> 24), (byte) (crc >>> 16), (byte) (crc >>> 8), (byte) crc});
    }

    public static FileChecksum sha256(byte[] digest) {
        return new FileChecksum(SHA256, digest);
    }

    public boolean isCrc32c() {
        return algorithm.equals(CRC32C);
    }

    /** The CRC-32C as an unsigned number; only where it is one. */
    public int crc32c() {
        if (!isCrc32c()) {
            throw new IllegalStateException("the checksum is a " + algorithm);
        }
        return (value[0] & 0xFF) << 24 | (value[1] & 0xFF) << 16 | (value[2] & 0xFF) << 8 | value[3] & 0xFF;
    }

    @Override
    public byte[] value() {
        return value.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileChecksum same
                && algorithm.equals(same.algorithm)
                && Arrays.equals(value, same.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return algorithm + " " + HexFormat.of().formatHex(value);
    }
}
