package dev.understudy.pgfile.wal;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads the one record that starts at an address, and holds it. A record within a page stays in the window of {@link
 * WalPages}; one that lies on several pages is put together here.
 *
 * <p>Source: {@code XLogReadRecord} in {@code src/backend/access/transam/xlogreader.c}.
 */
final class RecordReader {
    static final int HEADER_BYTES = 24;

    /** Longest record PostgreSQL can write ({@code MaxAllocSize}); before 16 the only limit. */
    private static final int MAXIMUM_BYTES = 0x3FFF_FFFF;

    private static final int SWITCH = 0x40;

    private final WalPages pages;
    private final WalSegmentSize segmentSize;
    private final CRC32C crc = new CRC32C();
    private byte[] assembly = new byte[64 * 1024];

    /** Records that end behind it are left out; -1 for none. */
    long limit = -1;

    /** Start of the record before, which this one must name; -1 if any will do. */
    long previousAddress = -1;

    /** The record last read: its bytes are at {@code index} of {@code bytes}. */
    byte[] bytes;

    int index;
    long address;
    long endAddress;

    /** Start of a record that a crash kept from being finished; 0 if there is none. */
    long abandonedAddress;

    /** Where reading goes on after an abandoned record. */
    private long nextPage;

    private int nextIndex;

    private @Nullable WalSegment firstSegment;
    private final List<WalSegment> laterSegments = new ArrayList<>();

    /** Why the last read gave no record; null if it gave one. */
    @Nullable
    WalEnd end;

    RecordReader(WalPages pages, WalSegmentSize segmentSize) {
        this.pages = pages;
        this.segmentSize = segmentSize;
        this.bytes = pages.window;
    }

    /** Reads the record at an address; false if there is none, and {@link #end} tells why. */
    boolean read(long start) {
        abandonedAddress = 0;
        return readAt(start);
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

    /** What became of a record. */
    private enum Reading {
        DONE,
        FAILED,
        /** The server crashed while writing it, and wrote on in the page {@link #nextPage} after its restart. */
        ABANDONED;

        static Reading of(boolean done) {
            return done ? DONE : FAILED;
        }
    }

    /** Reads a record that starts in the page loaded at {@code at}, or the first one after it that is not abandoned. */
    private boolean readIn(long page, int at, long start) {
        Reading reading = readOne(page, at, start);
        while (reading == Reading.ABANDONED) {
            reading = readOne(nextPage, nextIndex, nextPage + pages.headerBytes(nextIndex));
        }
        return reading == Reading.DONE;
    }

    private Reading readOne(long page, int at, long start) {
        address = start;
        firstSegment = pages.segment;
        laterSegments.clear();
        int offset = (int) (start - page);
        int inPage = pages.available - offset;
        if (inPage < 4) {
            return failShort(start);
        }
        int length = WalBytes.int32(pages.window, at + offset);
        if (length == 0) {
            return Reading.of(fail(start, WalEndReason.ZEROES, "WAL ends here: zeroes follow"));
        }
        if (length < HEADER_BYTES || length > MAXIMUM_BYTES) {
            return Reading.of(fail(
                    start,
                    WalEndReason.RECORD_LENGTH_INVALID,
                    "invalid record length: %s".formatted(Integer.toUnsignedString(length))));
        }
        if (inPage >= HEADER_BYTES && !checkHeader(pages.window, at + offset)) {
            return Reading.FAILED;
        }
        if (length > inPage) {
            return pages.available < pages.pageBytes ? failShort(start) : assemble(page, at + offset, inPage, length);
        }
        bytes = pages.window;
        index = at + offset;
        return Reading.of(finish(start + length, align(start + length), length));
    }

    /** Puts together a record whose parts lie on several pages. */
    private Reading assemble(long firstPage, int at, int inPage, int length) {
        keep(pages.window, at, 0, inPage);
        int got = inPage;
        long page = firstPage;
        while (true) {
            page += pages.pageBytes;
            if (isBeyondLimit(page)) {
                return Reading.of(failLimit(address));
            }
            int next = pages.load(page);
            if (next < 0) {
                pages.noteRecordContinues();
                return Reading.of(fail(address));
            }
            noteSegment();
            int flags = pages.flags(next);
            int header = pages.headerBytes(next);
            if ((flags & WalPages.FLAG_AFTER_ABANDONED) != 0) {
                abandonedAddress = address;
                nextPage = page;
                nextIndex = next;
                return Reading.ABANDONED;
            }
            int rest = pages.remainingLength(next);
            if ((flags & WalPages.FLAG_CONTINUES_RECORD) == 0 || rest != length - got) {
                return Reading.of(failContinuation(page, flags, rest, length - got));
            }
            int part = Math.min(rest, pages.pageBytes - header);
            if (header + part > pages.available) {
                return failShort(address);
            }
            keep(pages.window, next + header, got, part);
            boolean hadHeader = got >= HEADER_BYTES;
            got += part;
            if (!hadHeader && got >= HEADER_BYTES && !checkHeader(assembly, 0)) {
                return Reading.FAILED;
            }
            if (got == length) {
                bytes = assembly;
                index = 0;
                return Reading.of(finish(page + header + rest, align(page + header + rest), length));
            }
        }
    }

    private Reading failShort(long place) {
        return Reading.of(pages.failShort(pages.lengthSeen()) || fail(place));
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
        return true;
    }

    static long align(long value) {
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

    boolean fail(long place) {
        return fail(place, pages.failureReason, pages.failureText);
    }

    private boolean fail(long place, WalEndReason reason, String text) {
        end = new WalEnd(new Lsn(place), reason, text);
        return false;
    }

    /** Whether the record has a part in a second segment. */
    boolean crossesSegments() {
        return !laterSegments.isEmpty();
    }

    /** The segments that hold a part of the record, in order. */
    List<WalSegment> segments() {
        List<WalSegment> all = new ArrayList<>();
        if (firstSegment != null) {
            all.add(firstSegment);
        }
        all.addAll(laterSegments);
        return all;
    }
}
