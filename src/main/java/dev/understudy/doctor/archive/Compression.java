package dev.understudy.doctor.archive;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/** How a file of an archive is compressed, told by its name as pg_receivewal and archive commands name it. */
public enum Compression {
    NONE(""),
    GZIP(".gz"),
    LZ4(".lz4"),
    ZSTD(".zst");

    /** A segment, perhaps compressed, perhaps partial; either may come first. */
    private static final Pattern FILE =
            Pattern.compile("([0-9A-F]{24})(\\.partial)?(\\.gz|\\.lz4|\\.zst)?(\\.partial)?");

    private final String suffix;

    Compression(String suffix) {
        this.suffix = suffix;
    }

    /**
     * What the name of a file says.
     *
     * @param segment the 24 digits
     * @param compression how it is compressed
     * @param partial whether it was still being received
     */
    public record Name(String segment, Compression compression, boolean partial) {}

    /** Empty if a file of this name is no segment. */
    public static Optional<Name> parse(String file) {
        Matcher matcher = FILE.matcher(file);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String suffix = matcher.group(3) == null ? "" : matcher.group(3);
        for (Compression compression : values()) {
            if (compression.suffix.equals(suffix)) {
                boolean partial = matcher.group(2) != null || matcher.group(4) != null;
                return Optional.of(new Name(matcher.group(1), compression, partial));
            }
        }
        return Optional.empty();
    }

    /** The suffix of a file's name; empty for a plain one. */
    public String suffix() {
        return suffix;
    }

    /**
     * Expands the beginning of a file.
     *
     * @param bytes the beginning of the file, or all of it
     * @param limit expanded bytes to stop at
     * @return fewer bytes where the file is cut short
     * @throws IOException if it is not compressed so
     */
    byte[] expand(byte[] bytes, int limit) throws IOException {
        if (this == NONE) {
            return bytes.length <= limit ? bytes : Arrays.copyOf(bytes, limit);
        }
        byte[] expanded = new byte[limit];
        int count = 0;
        try (InputStream stream = open(new BufferedInputStream(new ByteArrayInputStream(bytes)))) {
            while (count < limit) {
                int read = stream.read(expanded, count, limit - count);
                if (read < 0) {
                    break;
                }
                count += read;
            }
        } catch (IOException e) {
            // A file that is cut short gives what it has; one that gives nothing is not what its name says.
            if (count == 0 && !(e instanceof EOFException && bytes.length < 32)) {
                throw e;
            }
        }
        return Arrays.copyOf(expanded, count);
    }

    private InputStream open(InputStream compressed) throws IOException {
        return switch (this) {
            case NONE -> compressed;
            case GZIP -> new GZIPInputStream(compressed);
            case LZ4 -> new FramedLZ4CompressorInputStream(compressed, true);
            case ZSTD -> new ZstdCompressorInputStream(compressed);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
