package dev.understudy.pgfile.control;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.Reasons;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.Crc32c;
import dev.understudy.pgfile.FormatVersion;
import dev.understudy.postgres.WalSegmentSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;

/** Reads {@code global/pg_control} as every supported major writes it on 64-bit little-endian machines. */
public final class ControlFileReader {
    /** The file's path inside the data directory. */
    public static final String PATH = "global/pg_control";

    /** Size of the file; only the first few hundred bytes are used, the rest is zero. */
    public static final int FILE_BYTES = 8192;

    /** Reads of a file that changes under the reader before its checksum is believed to be wrong. */
    private static final int READS = 10;

    private ControlFileReader() {}

    /**
     * Reads and checks.
     *
     * @param file the bytes of the file from offset 0; bytes after the checksum are not looked at
     * @throws UnderstudyException {@link ErrorCode#CONTROL_FILE_TRUNCATED}, {@link ErrorCode#FORMAT_VERSION_UNKNOWN},
     *     {@link ErrorCode#CONTROL_FILE_CRC_WRONG} or {@link ErrorCode#CONTROL_FILE_INVALID}
     */
    public static ControlFile read(byte[] file) {
        ControlFile control = readLeniently(file);
        if (!control.crcOk()) {
            throw UnderstudyException.of(ErrorCode.CONTROL_FILE_CRC_WRONG, "incorrect checksum in control file")
                    .detail("It says PostgreSQL %s, system identifier %s.", control.major(), control.systemIdentifier())
                    .hint("\"understudy inspect control\" shows what the file holds; do not trust any of it.")
                    .build();
        }
        ControlFileChecks.check(control);
        return control;
    }

    /**
     * Reads what is there, without judging it: {@link ControlFile#crcOk} tells whether to trust it.
     *
     * @throws UnderstudyException {@link ErrorCode#CONTROL_FILE_TRUNCATED} or {@link ErrorCode#FORMAT_VERSION_UNKNOWN}
     */
    public static ControlFile readLeniently(byte[] file) {
        requireLength(file, 16);
        ControlFileBytes bytes = new ControlFileBytes(file);
        FormatVersion version = FormatVersion.ofControlFile(bytes.int32(8), bytes.int32(12));
        ControlFileLayout layout = ControlFileLayout.of(version.major());
        requireLength(file, layout.crc() + 4);
        boolean crcOk = Crc32c.of(file, 0, layout.crc()) == bytes.int32(layout.crc());
        return bytes.decode(version, layout, crcOk);
    }

    /**
     * Reads a file that a running server may be writing: again and again until the checksum is right, or two bad reads
     * running are equal, or ten reads are done. Some file systems show a write in halves.
     */
    public static ControlFile readRetrying(Supplier<byte[]> reads) {
        byte[] last = reads.get();
        for (int count = 1; count < READS; count++) {
            if (readsWell(last)) {
                return read(last);
            }
            byte[] next = reads.get();
            if (Arrays.equals(last, next)) {
                return read(next);
            }
            last = next;
        }
        return read(last);
    }

    private static boolean readsWell(byte[] file) {
        try {
            return readLeniently(file).crcOk();
        } catch (UnderstudyException e) {
            // Not lost: read() says it again if the next read is no better.
            return false;
        }
    }

    /** The bytes of a local file, at most {@link #FILE_BYTES}. {@link ErrorCode#FILE_UNREADABLE} if it cannot be read. */
    public static byte[] bytesOf(Path file) {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(FILE_BYTES);
        } catch (IOException e) {
            throw UnderstudyException.of(ErrorCode.FILE_UNREADABLE, "could not read file \"%s\"", file)
                    .detail("%s", Reasons.of(e))
                    .cause(e)
                    .build();
        }
    }

    private static void requireLength(byte[] file, int needed) {
        if (file.length < needed) {
            throw UnderstudyException.of(
                            ErrorCode.CONTROL_FILE_TRUNCATED,
                            "control file is too short: %d bytes, at least %d are needed",
                            file.length,
                            needed)
                    .build();
        }
    }

    /** Value checks after a right checksum: the file is as the server wrote it, so they tell of a defect or a forgery. */
    private static final class ControlFileChecks {
        static void check(ControlFile control) {
            require(control.state() != ClusterState.UNRECOGNIZED, "unrecognized cluster state");
            require(control.checkpoint().timeline() != 0, "timeline of the latest checkpoint is 0");
            require(
                    WalSegmentSize.isValid(control.sizes().walSegmentBytes()),
                    "invalid WAL segment size: " + control.sizes().walSegmentBytes() + " bytes");
            require(
                    isPageSize(control.sizes().blockSize(), 1024, 32768),
                    "invalid block size: " + control.sizes().blockSize() + " bytes");
            require(
                    isPageSize(control.sizes().walBlockSize(), 1024, 65536),
                    "invalid WAL block size: " + control.sizes().walBlockSize() + " bytes");
            require(
                    control.sizes().relationSegmentBlocks() > 0,
                    "invalid number of blocks per segment: " + control.sizes().relationSegmentBlocks());
            int checksums = control.sizes().dataChecksumVersion();
            require(checksums == 0 || checksums == 1, "unknown data page checksum version: " + checksums);
            require(
                    control.minRecoveryPoint().isInvalid() || control.minRecoveryTimeline() != 0,
                    "timeline of the minimum recovery ending location is 0");
        }

        private static boolean isPageSize(int size, int least, int most) {
            return size >= least && size <= most && Integer.bitCount(size) == 1;
        }

        private static void require(boolean condition, String problem) {
            if (!condition) {
                throw UnderstudyException.of(ErrorCode.CONTROL_FILE_INVALID, "control file: %s", problem)
                        .build();
            }
        }
    }
}
