package dev.understudy.pgfile.wal;

import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over WAL records, each checked as PostgreSQL's own reader does: page headers, back link, CRC-32C. The
 * accessors tell of the record that the last {@link #next} came to; {@link #record} keeps it. Nothing is allocated for a
 * record that lies within a page. Memory is bounded by the longest record whose pages are really there.
 *
 * <pre>{@code
 * try (WalReader reader = WalReader.open(WalFiles.ofDirectory(path), WalTimelines.only(timeline), size)) {
 *     reader.seekFirstFrom(start);
 *     while (reader.next()) { ... reader.lsn() ... }
 *     WalEnd end = reader.end();
 * }
 * }</pre>
 *
 * <p>A record is 24 bytes of header and its data: total length (4 bytes at 0), transaction (4 at 4), start of the record
 * before (8 at 8), info (1 at 16), resource manager (1 at 17), CRC-32C (4 at 20) of the data and then the header up to
 * the checksum. Records start at multiples of 8. One that does not fit its page goes on after the next page's header.
 *
 * <p>Source: {@code src/backend/access/transam/xlogreader.c}, {@code src/include/access/xlogrecord.h}.
 */
public final class WalReader implements AutoCloseable {
    static final int HEADER_BYTES = 24;

    /** Longest record PostgreSQL can write ({@code MaxAllocSize}); before 16 the only limit. */
    private static final int MAXIMUM_BYTES = 0x3FFF_FFFF;

    private static final int SWITCH = 0x40;

    private final WalPages pages;
    private final WalSegmentSize segmentSize;
    private final CRC32C crc = new CRC32C();
    private long limit = -1;

    /** Where the next record starts; previous record's start, or -1 if any will do. */
    private long nextAddress;

    private long previousAddress = -1;
    private boolean pending;
    private @Nullable WalEnd end;

    /** The record last read: its bytes are at {@code index} of {@code bytes}. */
    private byte[] bytes;

    private int index;
    private long address;
    private long endAddress;
    private long abandonedAddress;
    private byte[] assembly = new byte[64 * 1024];
    private @Nullable WalSegment firstSegment;
    private final List<WalSegment> laterSegments = new ArrayList<>();

    private WalReader(WalPages pages, WalSegmentSize segmentSize) {
        this.pages = pages;
        this.segmentSize = segmentSize;
        this.bytes = pages.window;
    }

    /** Reads WAL of whichever cluster the first segment belongs to; later segments must belong to the same. */
    public static WalReader open(WalSource source, WalTimelines timelines, WalSegmentSize size) {
        return new WalReader(new WalPages(source, timelines, size, Optional.empty()), size);
    }

    /** Reads WAL of this cluster only. */
    public static WalReader open(
            WalSource source, WalTimelines timelines, WalSegmentSize size, SystemIdentifier systemIdentifier) {
        return new WalReader(new WalPages(source, timelines, size, Optional.of(systemIdentifier)), size);
    }

    /** Leaves out records that end after this location, and does not read what lies behind it. */
    public void limitTo(Lsn to) {
        limit = to.bytes();
    }

    /** Goes to a record whose exact start is known. */
    public void seek(Lsn lsn) {
        reset(lsn.bytes());
    }

    /** Goes to the first record that starts at or after {@code lsn}, which need not be a record's start. */
    public void seekFirstFrom(Lsn lsn) {
        reset(lsn.bytes());
        if (!pages.openSegment(lsn.bytes())) {
            fail(lsn.bytes());
            return;
        }
        long page = lsn.bytes() & -pages.pageBytes;
        boolean skipping = false;
        while (true) {
            int at = pages.load(page);
            if (at < 0) {
                if (skipping) {
                    pages.noteRecordContinues();
                }
                fail(page);
                return;
            }
            int header = pages.headerBytes(at);
            boolean continues = (pages.flags(at) & WalPages.FLAG_CONTINUES_RECORD) != 0;
            long rest = continues ? align(Integer.toUnsignedLong(pages.remainingLength(at))) : 0;
            if (rest < pages.pageBytes - header) {
                nextAddress = page + header + rest;
                break;
            }
            page += pages.pageBytes;
            skipping = rest > pages.pageBytes - header;
        }
        while (Long.compareUnsigned(nextAddress, lsn.bytes()) < 0) {
            if (!next()) {
                return;
            }
            pending = Long.compareUnsigned(address, lsn.bytes()) >= 0;
            if (pending) {
                return;
            }
        }
    }

    private void reset(long to) {
        pages.forgetOrder();
        nextAddress = to;
        previousAddress = -1;
        pending = false;
        end = null;
    }

    /**
     * Comes to the next record.
     *
     * @return false if there is none; {@link #end} tells why
     * @throws UnderstudyException {@link dev.understudy.error.ErrorCode#FILE_UNREADABLE} if a segment cannot be read
     */
    public boolean next() {
        if (pending) {
            pending = false;
            return true;
        }
        if (end != null) {
            return false;
        }
        abandonedAddress = 0;
        if (!readAt(nextAddress)) {
            return false;
        }
        previousAddress = address;
        return true;
    }

    private boolean readAt(long start) {
        if (isBeyondLimit(start)) {
            return failLimit(start);
        }
        int pageBytes = pages.pageBytes;
        long page = start & -pageBytes;
        int at = pages.load(page);
        if (at < 0) {
            return fail(start);
        }
        if (pages.pageBytes != pageBytes) {
            return readAt(start);
        }
        long recordAddress = start;
        if (start == page) {
            recordAddress += pages.headerBytes(at);
            if ((pages.flags(at) & WalPages.FLAG_CONTINUES_RECORD) != 0) {
                return fail(start, WalEndReason.CONTINUATION_WRONG, "contrecord is requested by " + new Lsn(start));
            }
        } else if (start - page < pages.headerBytes(at)) {
            return fail(start, WalEndReason.RECORD_LENGTH_INVALID, "invalid record offset at " + new Lsn(start));
        }
        return readIn(page, at, recordAddress);
    }

    /** Reads a record that starts in the page loaded at {@code at}. */
    private boolean readIn(long page, int at, long start) {
        address = start;
        firstSegment = pages.segment;
        laterSegments.clear();
        int offset = (int) (start - page);
        int inPage = pages.available - offset;
        if (inPage < 4) {
            return pages.failShort(pages.lengthSeen()) || fail(start);
        }
        int length = WalBytes.int32(pages.window, at + offset);
        if (length == 0) {
            return fail(start, WalEndReason.ZEROES, "WAL ends here: zeroes follow");
        }
        if (length < HEADER_BYTES || length > MAXIMUM_BYTES) {
            return fail(
                    start,
                    WalEndReason.RECORD_LENGTH_INVALID,
                    "invalid record length: %s".formatted(Integer.toUnsignedString(length)));
        }
        if (inPage >= HEADER_BYTES && !checkHeader(pages.window, at + offset)) {
            return false;
        }
        if (length > inPage) {
            return pages.available < pages.pageBytes
                    ? pages.failShort(pages.lengthSeen()) || fail(start)
                    : assemble(page, at + offset, inPage, length);
        }
        bytes = pages.window;
        index = at + offset;
        return finish(start + length, align(start + length), length);
    }

    /** Puts together a record whose parts lie on several pages. */
    private boolean assemble(long firstPage, int at, int inPage, int length) {
        keep(pages.window, at, 0, inPage);
        int got = inPage;
        long page = firstPage;
        while (true) {
            page += pages.pageBytes;
            if (isBeyondLimit(page)) {
                return failLimit(address);
            }
            int next = pages.load(page);
            if (next < 0) {
                pages.noteRecordContinues();
                return fail(address);
            }
            noteSegment();
            int flags = pages.flags(next);
            int header = pages.headerBytes(next);
            if ((flags & WalPages.FLAG_AFTER_ABANDONED) != 0) {
                // The server crashed while writing this record and wrote on here after its restart.
                abandonedAddress = address;
                return readIn(page, next, page + header);
            }
            int rest = pages.remainingLength(next);
            if ((flags & WalPages.FLAG_CONTINUES_RECORD) == 0 || rest != length - got) {
                return failContinuation(page, flags, rest, length - got);
            }
            int part = Math.min(rest, pages.pageBytes - header);
            if (header + part > pages.available) {
                return pages.failShort(pages.lengthSeen()) || fail(address);
            }
            keep(pages.window, next + header, got, part);
            boolean hadHeader = got >= HEADER_BYTES;
            got += part;
            if (!hadHeader && got >= HEADER_BYTES && !checkHeader(assembly, 0)) {
                return false;
            }
            if (got == length) {
                bytes = assembly;
                index = 0;
                return finish(page + header + rest, align(page + header + rest), length);
            }
        }
    }

    private void keep(byte[] from, int offset, int to, int count) {
        if (to + count > assembly.length) {
            assembly =
                    Arrays.copyOf(assembly, Math.max(to + count, (int) Math.min(2L * assembly.length, MAXIMUM_BYTES)));
        }
        System.arraycopy(from, offset, assembly, to, count);
    }

    private void noteSegment() {
        WalSegment now = pages.segment;
        WalSegment last = laterSegments.isEmpty() ? firstSegment : laterSegments.get(laterSegments.size() - 1);
        if (now != null && !now.equals(last)) {
            laterSegments.add(now);
        }
    }

    private boolean checkHeader(byte[] in, int at) {
        int manager = in[at + 17] & 0xFF;
        if (!ResourceManager.isValid(manager)) {
            return fail(
                    address,
                    WalEndReason.RESOURCE_MANAGER_INVALID,
                    "invalid resource manager ID %d".formatted(manager));
        }
        long previous = WalBytes.int64(in, at + 8);
        boolean right =
                previousAddress == -1 ? Long.compareUnsigned(previous, address) < 0 : previous == previousAddress;
        return right
                || fail(
                        address,
                        WalEndReason.PREV_LINK_WRONG,
                        "record with incorrect prev-link %s".formatted(new Lsn(previous)));
    }

    private boolean finish(long unalignedEnd, long alignedEnd, int length) {
        if (limit != -1 && Long.compareUnsigned(unalignedEnd, limit) > 0) {
            return failLimit(address);
        }
        crc.reset();
        crc.update(bytes, index + HEADER_BYTES, length - HEADER_BYTES);
        crc.update(bytes, index, 20);
        if ((int) crc.getValue() != WalBytes.int32(bytes, index + 20)) {
            return fail(
                    address,
                    WalEndReason.CRC_WRONG,
                    "incorrect resource manager data checksum in record of %d bytes".formatted(length));
        }
        endAddress = alignedEnd;
        if (bytes[index + 17] == ResourceManager.XLOG && (bytes[index + 16] & 0xF0) == SWITCH) {
            // The rest of the segment is not used.
            int mask = segmentSize.bytes() - 1;
            endAddress = endAddress + mask & ~(long) mask;
        }
        nextAddress = endAddress;
        return true;
    }

    private static long align(long value) {
        return value + 7 & -8;
    }

    private boolean isBeyondLimit(long place) {
        return limit != -1 && Long.compareUnsigned(place, limit) >= 0;
    }

    private boolean failLimit(long place) {
        return fail(place, WalEndReason.LIMIT, "the end location %s was reached".formatted(new Lsn(limit)));
    }

    private boolean failContinuation(long page, int flags, int found, int wanted) {
        String what = (flags & WalPages.FLAG_CONTINUES_RECORD) == 0
                ? "there is no contrecord flag in %s".formatted(pages.place(page))
                : "invalid contrecord length %s, expected %d, in %s"
                        .formatted(Integer.toUnsignedString(found), wanted, pages.place(page));
        return fail(address, WalEndReason.CONTINUATION_WRONG, what);
    }

    private boolean fail(long place) {
        return fail(place, pages.failureReason, pages.failureText);
    }

    private boolean fail(long place, WalEndReason reason, String text) {
        end = new WalEnd(new Lsn(place), reason, text);
        return false;
    }

    /** Why {@link #next} gave no record; asked only after it did. */
    public WalEnd end() {
        WalEnd known = end;
        if (known == null) {
            throw new IllegalStateException("the WAL reader is not at an end");
        }
        return known;
    }

    public Lsn lsn() {
        return new Lsn(address);
    }

    /** See {@link WalRecord#endLsn}. */
    public Lsn endLsn() {
        return new Lsn(endAddress);
    }

    /** {@link #lsn} as a plain unsigned number, for loops over millions of records. */
    public long address() {
        return address;
    }

    public int totalLength() {
        return WalBytes.int32(bytes, index);
    }

    public int xid() {
        return WalBytes.int32(bytes, index + 4);
    }

    public Lsn prev() {
        return new Lsn(WalBytes.int64(bytes, index + 8));
    }

    public int info() {
        return bytes[index + 16] & 0xFF;
    }

    public int resourceManager() {
        return bytes[index + 17] & 0xFF;
    }

    /** Whether the record has a part in a second segment. */
    public boolean crossesSegments() {
        return !laterSegments.isEmpty();
    }

    /** The segments that hold a part of the record, in order. */
    public List<WalSegment> segments() {
        List<WalSegment> all = new ArrayList<>();
        if (firstSegment != null) {
            all.add(firstSegment);
        }
        all.addAll(laterSegments);
        return all;
    }

    /** Start of a record before this one that a crash kept from being finished; empty if there is none. */
    public Optional<Lsn> abandoned() {
        return abandonedAddress == 0 ? Optional.empty() : Optional.of(new Lsn(abandonedAddress));
    }

    /** A copy of the record's bytes, header first, without page headers. */
    public byte[] recordBytes() {
        return Arrays.copyOfRange(bytes, index, index + totalLength());
    }

    public WalRecord record() {
        return new WalRecord(lsn(), endLsn(), prev(), xid(), resourceManager(), info(), totalLength(), segments());
    }

    /** The byte at an offset in the record, for decoders of this package. */
    int byteAt(int offset) {
        return bytes[index + offset] & 0xFF;
    }

    long int64At(int offset) {
        return WalBytes.int64(bytes, index + offset);
    }

    @Override
    public void close() {
        pages.close();
    }
}
