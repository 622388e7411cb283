package dev.understudy.pgfile.wal;

import dev.understudy.error.ErrorCode;
import dev.understudy.fuzz.Fuzz;
import dev.understudy.pgfile.Crc32c;
import dev.understudy.pgfile.Golden;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * WAL segments of the fewest bytes that PostgreSQL allows, two of which the input fills; records get their checksums put
 * right one after another, since a guess never has the right one.
 */
public final class WalFuzz {
    private static final Set<ErrorCode> DOCUMENTED =
            Set.of(ErrorCode.WAL_INVALID, ErrorCode.FORMAT_VERSION_UNKNOWN, ErrorCode.FILE_UNREADABLE);
    private static final int REPAIRS = 16;
    private static final int SEED_BYTES = 24 << 10;

    private WalFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        Fuzz.reading(DOCUMENTED, () -> WalIdentity.read(new Memory(bytes, 0)));
        byte[] repaired = bytes.clone();
        Fuzz.reading(DOCUMENTED, () -> {
            for (int repair = 0; repair < REPAIRS; repair++) {
                WalEnd end = readAll(repaired);
                if (end.reason() != WalEndReason.CRC_WRONG
                        || !repair(repaired, (int) end.lsn().bytes())) {
                    break;
                }
            }
        });
        Fuzz.reading(DOCUMENTED, () -> {
            try (WalReader reader = open(repaired)) {
                BackupEndSearch.run(reader, new Lsn(0x28), new Lsn(0x100), new Lsn(bytes.length));
            }
        });
    }

    private static WalReader open(byte[] bytes) {
        WalSegmentSize size = new WalSegmentSize(sizeOf(bytes));
        return WalReader.open(segment -> segmentOf(bytes, segment, size), WalTimelines.only(new TimelineId(1)), size);
    }

    /** The size that the first page says, so that as many page headers as can be are believed. */
    private static int sizeOf(byte[] bytes) {
        int said = bytes.length < WalPages.LONG_HEADER_BYTES ? 0 : WalBytes.int32(bytes, 32);
        return WalSegmentSize.isValid(said) ? said : 1 << 20;
    }

    private static Optional<SegmentInput> segmentOf(byte[] bytes, WalSegment segment, WalSegmentSize size) {
        long start = segment.number() * size.bytes();
        return start >= 0 && start < bytes.length ? Optional.of(new Memory(bytes, (int) start)) : Optional.empty();
    }

    private static WalEnd readAll(byte[] bytes) {
        try (WalReader reader = open(bytes)) {
            reader.seekFirstFrom(Lsn.INVALID);
            while (reader.next()) {
                Fuzz.print(reader.record());
                BackupEnd.find(reader);
                if (reader.recordBytes().length != reader.totalLength()) {
                    throw new AssertionError("a record of another length than it says at " + reader.lsn());
                }
            }
            return reader.end();
        }
    }

    /** Puts a record's checksum right if all of it lies here, in one piece as far as pages of 8 kB go. */
    private static boolean repair(byte[] bytes, int start) {
        if (start < 0 || start + 24 > bytes.length) {
            return false;
        }
        int length = WalBytes.int32(bytes, start);
        if (length < 24 || length > bytes.length - start) {
            return false;
        }
        byte[] checked = new byte[length - 4];
        System.arraycopy(bytes, start + 24, checked, 0, length - 24);
        System.arraycopy(bytes, start, checked, length - 24, 20);
        int crc = Crc32c.of(checked, 0, checked.length);
        for (int at = 0; at < 4; at++) {
            bytes[start + 20 + at] = (byte) (crc >>> 8 * at);
        }
        return true;
    }

    /** A segment in memory; it ends where the input does. */
    private record Memory(byte[] bytes, int start) implements SegmentInput {
        @Override
        public String name() {
            return "fuzzed";
        }

        @Override
        public boolean isPartial() {
            return false;
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) {
            long from = start + position;
            int count = (int) Math.max(0, Math.min(length, bytes.length - from));
            System.arraycopy(bytes, (int) Math.min(from, bytes.length), into, offset, count);
            return count;
        }

        @Override
        public void close() {}
    }

    /** Beginnings of real segments, each moved to where WAL begins: page addresses and back links are made to fit. */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        Golden.all().forEach(golden -> {
            try (var files = java.nio.file.Files.list(golden.directory())) {
                files.filter(file -> file.toString().endsWith(".gz"))
                        .sorted()
                        .forEach(file ->
                                seeds.add(moved(golden.bytes(file.getFileName().toString()))));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
        return seeds;
    }

    private static byte[] moved(byte[] compressed) {
        try (var plain = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            byte[] bytes = plain.readNBytes(SEED_BYTES);
            for (int page = 0; page + 24 <= bytes.length; page += 8192) {
                for (int at = 0; at < 8; at++) {
                    bytes[page + 8 + at] = (byte) ((long) page >>> 8 * at);
                }
            }
            Arrays.fill(bytes, 16, 20, (byte) 0);
            return bytes;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
