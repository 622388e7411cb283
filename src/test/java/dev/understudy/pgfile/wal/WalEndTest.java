package dev.understudy.pgfile.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.Golden;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way a reading of WAL can end. */
final class WalEndTest {
    private static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
    private static final String FIRST = "00000001000000000000000A";
    private static final String SECOND = "00000001000000000000000B";
    private static final Lsn START = new Lsn(0xA00000);
    /** The record that begins in the first segment and ends in the fourth. */
    private static final Lsn CROSSING = Lsn.parse("0/A22DE8");

    @TempDir
    private Path directory;

    private byte[] first = new byte[0];
    private byte[] second = new byte[0];

    @BeforeEach
    void unpack() throws IOException {
        Golden golden = Golden.of(ServerMajor.V15);
        first = gunzip(golden.bytes(FIRST + ".gz"));
        second = gunzip(golden.bytes(SECOND + ".gz"));
    }

    private static byte[] gunzip(byte[] bytes) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }

    private WalEnd end() {
        return read(START, new ArrayList<>());
    }

    private WalEnd read(Lsn from, List<Lsn> records) {
        try (WalReader reader =
                WalReader.open(WalFiles.ofDirectory(directory), WalTimelines.only(TimelineId.FIRST), SIZE)) {
            reader.seekFirstFrom(from);
            while (reader.next()) {
                records.add(reader.lsn());
            }
            return reader.end();
        }
    }

    private void write(String name, byte[] bytes) throws IOException {
        Files.write(directory.resolve(name), bytes);
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void aRecordThatGoesOnInAMissingFile() throws IOException {
        write(FIRST, first);

        assertThat(end()).isEqualTo(new WalEnd(CROSSING, WalEndReason.RECORD_CONTINUES, "continues in " + SECOND));
    }

    @Test
    void noFileAtAll() {
        assertThat(end()).isEqualTo(new WalEnd(START, WalEndReason.FILE_MISSING, FIRST + " is not there"));
    }

    @Test
    void aSegmentThatIsAllTheMiddleOfARecord() throws IOException {
        write(SECOND, second);

        assertThat(read(new Lsn(0xB00000), new ArrayList<>()))
                .isEqualTo(new WalEnd(
                        new Lsn(0xC00000), WalEndReason.RECORD_CONTINUES, "continues in 00000001000000000000000C"));
    }

    @Test
    void zeroesAfterTheLastRecord() throws IOException {
        Arrays.fill(first, 0x22DE8, first.length, (byte) 0);
        write(FIRST, first);

        assertThat(end()).isEqualTo(new WalEnd(CROSSING, WalEndReason.ZEROES, "WAL ends here: zeroes follow"));
    }

    @Test
    void aRecycledNextSegment() throws IOException {
        write(FIRST, first);
        buffer(second).putLong(8, 0x300000);
        write(SECOND, second);

        assertThat(end())
                .isEqualTo(new WalEnd(
                        CROSSING,
                        WalEndReason.RECYCLED_PAGE,
                        "WAL ends here: a recycled page follows, with address 0/300000 in " + SECOND + ", offset 0"));
    }

    @Test
    void aPageOfALaterPlace() throws IOException {
        buffer(first).putLong(0x4000 + 8, 0xC04000);
        write(FIRST, first);

        assertThat(end().reason()).isEqualTo(WalEndReason.PAGE_HEADER_INVALID);
        assertThat(end().text()).isEqualTo("unexpected pageaddr 0/C04000 in " + FIRST + ", offset 16384");
    }

    @Test
    void aForeignNextSegment() throws IOException {
        write(FIRST, first);
        buffer(second).putLong(24, 42);
        write(SECOND, second);

        assertThat(end().reason()).isEqualTo(WalEndReason.FOREIGN_SYSTEM);
        assertThat(end().text())
                .isEqualTo("WAL file is from different database system: %s has system identifier 42, expected is %s"
                        .formatted(SECOND, new SystemIdentifier(buffer(first).getLong(24))));
    }

    @Test
    void aForeignSystemIdentifierFromTheStart() throws IOException {
        write(FIRST, first);
        try (WalReader reader = WalReader.open(
                WalFiles.ofDirectory(directory), WalTimelines.only(TimelineId.FIRST), SIZE, new SystemIdentifier(7))) {
            reader.seekFirstFrom(START);
            assertThat(reader.next()).isFalse();
            assertThat(reader.end().reason()).isEqualTo(WalEndReason.FOREIGN_SYSTEM);
        }
    }

    @Test
    void anotherMajorsMagic() throws IOException {
        buffer(first).putShort(0x2000, (short) 0xD10D);
        write(FIRST, first);

        assertThat(end().reason()).isEqualTo(WalEndReason.MAGIC_WRONG);
        assertThat(end().text()).isEqualTo("invalid magic number D10D in " + FIRST + ", offset 8192");
    }

    @Test
    void anUnknownMajorIsItsOwnError() throws IOException {
        buffer(first).putShort(0, (short) 0xD121);
        write(FIRST, first);
        try (SegmentInput input =
                WalFiles.ofDirectory(directory).openNamed(FIRST).orElseThrow()) {
            UnderstudyException error = catchThrowableOfType(UnderstudyException.class, () -> WalIdentity.read(input));
            assertThat(error.code()).isEqualTo(ErrorCode.FORMAT_VERSION_UNKNOWN);
            assertThat(error.message()).isEqualTo("unexpected WAL page magic D121 in \"" + FIRST + "\"");
        }
    }

    @Test
    void aFileCutShort() throws IOException {
        write(FIRST, Arrays.copyOf(first, 0x10004));

        assertThat(end().reason()).isEqualTo(WalEndReason.FILE_TRUNCATED);
        assertThat(end().text()).isEqualTo(FIRST + " ends after 65540 of 1048576 bytes");
    }

    @Test
    void everyTruncationEndsAtACompleteRecord() throws IOException {
        write(FIRST, first);
        List<Lsn> all = new ArrayList<>();
        read(START, all);
        for (int length = 0; length < 0x6000; length += 7) {
            write(FIRST, Arrays.copyOf(first, length));
            List<Lsn> some = new ArrayList<>();
            WalEnd end = read(START, some);
            assertThat(end.reason()).as("length %d: %s", length, end).isEqualTo(WalEndReason.FILE_TRUNCATED);
            assertThat(all.subList(0, some.size())).isEqualTo(some);
        }
    }

    @Test
    void aPartialFileMayEndEarly() throws IOException {
        write(FIRST + ".partial", Arrays.copyOf(first, 0x10004));
        assertThat(end().reason()).isEqualTo(WalEndReason.PARTIAL_FILE_END);

        Files.delete(directory.resolve(FIRST + ".partial"));
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(directory.resolve(FIRST + ".gz.partial")))) {
            out.write(first, 0, 0x10004);
        }
        assertThat(end().reason()).isEqualTo(WalEndReason.PARTIAL_FILE_END);
    }

    @Test
    void everyFlippedBitIsSeen() throws IOException {
        List<Lsn> all = new ArrayList<>();
        write(FIRST, first);
        read(START, all);
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 3000; round++) {
            int bit = random.nextInt(0x22DE8 * 8);
            byte[] damaged = first.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            write(FIRST, damaged);
            List<Lsn> some = new ArrayList<>();
            WalEnd end = read(START, some);
            boolean whole = some.size() == all.size();
            // What a flip in padding, in a flag that says nothing, or in unused header bytes leaves is the same list.
            if (!whole) {
                assertThat(end.reason().isOrdinary()
                                && end.reason() != WalEndReason.RECYCLED_PAGE
                                && end.reason() != WalEndReason.ZEROES)
                        .as("bit %d: %s", bit, end)
                        .isFalse();
            }
            assertThat(all.subList(0, some.size())).as("bit %d", bit).isEqualTo(some);
        }
    }

    @Test
    void garbageEndsQuietlyAndInBoundedMemory() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] garbage = new byte[1 << 20];
        for (int round = 0; round < 50; round++) {
            random.nextBytes(garbage);
            // A true header and then nonsense, with page headers kept so that long records look possible.
            System.arraycopy(first, 0, garbage, 0, 40);
            for (int page = 0x2000; page < garbage.length && round % 2 == 0; page += 0x2000) {
                System.arraycopy(first, page, garbage, page, 24);
            }
            write(FIRST, garbage);
            assertThat(end().reason()).isNotEqualTo(WalEndReason.LIMIT);
        }
    }

    @Test
    void aCallersOwnSourceWillDo() {
        WalSource source = segment ->
                segment.name().equals(FIRST) ? Optional.of(new ArraySegment(segment, first)) : Optional.empty();
        try (WalReader reader = WalReader.open(source, WalTimelines.only(TimelineId.FIRST), SIZE)) {
            reader.seek(new Lsn(START.bytes() + 40));
            assertThat(reader.next()).isTrue();
            assertThat(reader.lsn()).hasToString("0/A00028");
        }
    }

    private record ArraySegment(WalSegment segment, byte[] bytes) implements SegmentInput {
        @Override
        public String name() {
            return segment.name();
        }

        @Override
        public boolean isPartial() {
            return false;
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) {
            int count = (int) Math.max(0, Math.min(length, bytes.length - position));
            System.arraycopy(bytes, (int) position, into, offset, count);
            return count;
        }

        @Override
        public void close() {}
    }

    /** Pages of 1 kB, each of which calls the record that began in the page before abandoned and begins the next one. */
    @Test
    void anyNumberOfAbandonedRecordsTakesNoMoreRoomThanOne() {
        WalSegmentSize size = new WalSegmentSize(64 << 20);
        WalSource source = segment -> segment.number() == 0 ? Optional.of(new Abandoned(size)) : Optional.empty();

        try (WalReader reader = WalReader.open(source, WalTimelines.only(TimelineId.FIRST), size)) {
            reader.seekFirstFrom(Lsn.INVALID);
            assertThat(reader.next()).isFalse();

            assertThat(reader.end().reason()).isEqualTo(WalEndReason.RECORD_CONTINUES);
            assertThat(reader.end().lsn()).isEqualTo(new Lsn(size.bytes() - 1024 + 24));
        }
    }

    /** A segment of such pages, made as they are read. */
    private record Abandoned(WalSegmentSize size) implements SegmentInput {
        @Override
        public String name() {
            return "abandoned";
        }

        @Override
        public boolean isPartial() {
            return false;
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) {
            Arrays.fill(into, offset, offset + length, (byte) 0);
            ByteBuffer pages = ByteBuffer.wrap(into, offset, length).slice().order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at < length; at += 1024) {
                boolean first = position + at == 0;
                pages.putShort(at, (short) 0xD118).putShort(at + 2, (short) (first ? 2 : 8));
                pages.putInt(at + 4, 1).putLong(at + 8, position + at);
                if (first) {
                    pages.putLong(24, 4711).putInt(32, size.bytes()).putInt(36, 1024);
                }
                pages.putInt(at + (first ? 40 : 24), 2000);
            }
            return length;
        }

        @Override
        public void close() {}
    }
}
