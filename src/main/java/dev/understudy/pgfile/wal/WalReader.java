package dev.understudy.pgfile.wal;

import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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
    private final WalPages pages;
    private final RecordReader record;

    /** Where the next record starts. */
    private long nextAddress;

    /** Whether the record that is held has not been given out yet. */
    private boolean pending;

    private WalReader(WalPages pages, WalSegmentSize segmentSize) {
        this.pages = pages;
        this.record = new RecordReader(pages, segmentSize);
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
        record.limit = to.bytes();
    }

    /** Goes to a record whose exact start is known. */
    public void seek(Lsn lsn) {
        reset(lsn.bytes());
    }

    /** Goes to the first record that starts at or after {@code lsn}, which need not be a record's start. */
    public void seekFirstFrom(Lsn lsn) {
        reset(lsn.bytes());
        if (!pages.openSegment(lsn.bytes())) {
            record.fail(lsn.bytes());
            return;
        }
        if (!seekStart(lsn.bytes() & -pages.pageBytes)) {
            return;
        }
        while (Long.compareUnsigned(nextAddress, lsn.bytes()) < 0) {
            if (!next()) {
                return;
            }
            pending = Long.compareUnsigned(record.address, lsn.bytes()) >= 0;
            if (pending) {
                return;
            }
        }
    }

    /** Goes to the first record that starts in a page, or in a later one where a record fills that page. */
    private boolean seekStart(long firstPage) {
        long page = firstPage;
        boolean skipping = false;
        while (true) {
            int at = pages.load(page);
            if (at < 0) {
                if (skipping) {
                    pages.noteRecordContinues();
                }
                return record.fail(page);
            }
            int header = pages.headerBytes(at);
            boolean continues = (pages.flags(at) & WalPages.FLAG_CONTINUES_RECORD) != 0;
            long rest = continues ? RecordReader.align(Integer.toUnsignedLong(pages.remainingLength(at))) : 0;
            if (rest < pages.pageBytes - header) {
                nextAddress = page + header + rest;
                return true;
            }
            page += pages.pageBytes;
            skipping = rest > pages.pageBytes - header;
        }
    }

    private void reset(long to) {
        pages.forgetOrder();
        nextAddress = to;
        record.previousAddress = -1;
        record.end = null;
        pending = false;
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
        if (record.end != null || !record.read(nextAddress)) {
            return false;
        }
        record.previousAddress = record.address;
        nextAddress = record.endAddress;
        return true;
    }

    /** Why {@link #next} gave no record; asked only after it did. */
    public WalEnd end() {
        WalEnd known = record.end;
        if (known == null) {
            throw new IllegalStateException("the WAL reader is not at an end");
        }
        return known;
    }

    public Lsn lsn() {
        return new Lsn(record.address);
    }

    /** See {@link WalRecord#endLsn}. */
    public Lsn endLsn() {
        return new Lsn(record.endAddress);
    }

    /** {@link #lsn} as a plain unsigned number, for loops over millions of records. */
    public long address() {
        return record.address;
    }

    public int totalLength() {
        return WalBytes.int32(record.bytes, record.index);
    }

    public int xid() {
        return WalBytes.int32(record.bytes, record.index + 4);
    }

    public Lsn prev() {
        return new Lsn(WalBytes.int64(record.bytes, record.index + 8));
    }

    public int info() {
        return record.bytes[record.index + 16] & 0xFF;
    }

    public int resourceManager() {
        return record.bytes[record.index + 17] & 0xFF;
    }

    /** Whether the record has a part in a second segment. */
    public boolean crossesSegments() {
        return record.crossesSegments();
    }

    /** The segments that hold a part of the record, in order. */
    public List<WalSegment> segments() {
        return record.segments();
    }

    /** Start of a record before this one that a crash kept from being finished; empty if there is none. */
    public Optional<Lsn> abandoned() {
        return record.abandonedAddress == 0 ? Optional.empty() : Optional.of(new Lsn(record.abandonedAddress));
    }

    /** A copy of the record's bytes, header first, without page headers. */
    public byte[] recordBytes() {
        return Arrays.copyOfRange(record.bytes, record.index, record.index + totalLength());
    }

    public WalRecord record() {
        return new WalRecord(lsn(), endLsn(), prev(), xid(), resourceManager(), info(), totalLength(), segments());
    }

    /** The byte at an offset in the record, for decoders of this package. */
    int byteAt(int offset) {
        return record.bytes[record.index + offset] & 0xFF;
    }

    long int64At(int offset) {
        return WalBytes.int64(record.bytes, record.index + offset);
    }

    @Override
    public void close() {
        pages.close();
    }
}
