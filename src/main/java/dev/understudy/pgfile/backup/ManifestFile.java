package dev.understudy.pgfile.backup;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A file that a backup manifest lists.
 *
 * @param rawPath path relative to the data directory, each character one byte of the name, 0 to 255; file names need not
 *     be UTF-8
 * @param sizeBytes its size
 * @param lastModified to the second
 * @param algorithm {@code CRC32C}, {@code SHA224} to {@code SHA512}, or {@code NONE}
 * @param checksum in hexadecimal; empty for {@code NONE}
 */
public record ManifestFile(String rawPath, long sizeBytes, Instant lastModified, String algorithm, String checksum) {
    /** The algorithm Understudy writes. */
    public static final String CRC32C = "CRC32C";

    /** A file with a CRC-32C, as it is computed by {@code java.util.zip.CRC32C}. */
    public static ManifestFile of(String path, long sizeBytes, Instant lastModified, int crc32c) {
        return of(path.getBytes(StandardCharsets.UTF_8), sizeBytes, lastModified, crc32c);
    }

    /** The same for a name that need not be UTF-8. */
    public static ManifestFile of(byte[] path, long sizeBytes, Instant lastModified, int crc32c) {
        // PostgreSQL writes the checksum's bytes as they lie in memory, the lowest first.
        String checksum = HexFormat.of().toHexDigits(Integer.reverseBytes(crc32c));
        String rawPath = new String(path, StandardCharsets.ISO_8859_1);
        return new ManifestFile(rawPath, sizeBytes, lastModified, CRC32C, checksum);
    }

    /** The path for people; bytes that are not UTF-8 are replaced. */
    public String path() {
        return new String(pathBytes(), StandardCharsets.UTF_8);
    }

    public byte[] pathBytes() {
        return rawPath.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The checksum as a number; empty if it is not a CRC-32C. */
    public Optional<Integer> crc32c() {
        return algorithm.equals(CRC32C) && checksum.length() == 8
                ? Optional.of(Integer.reverseBytes(HexFormat.fromHexDigits(checksum)))
                : Optional.empty();
    }
}
