package dev.understudy.pgfile.wal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.FormatVersion;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * WAL pages, checked one by one as a reader comes to them, in a window of bytes that moves over the segments. A page
 * that cannot be had leaves the reason in {@link #failureReason} and {@link #failureText}; only trouble with reading is
 * thrown.
 *
 * <p>Source: {@code XLogReaderValidatePageHeader} in {@code src/backend/access/transam/xlogreader.c}.
 */
final class WalPages implements AutoCloseable {
    static final int SHORT_HEADER_BYTES = 24;
    static final int LONG_HEADER_BYTES = 40;
    static final int FLAG_CONTINUES_RECORD = 1;
    static final int FLAG_LONG_HEADER = 2;
    static final int FLAG_AFTER_ABANDONED = 8;

    private static final int ALL_FLAGS = 15;
    private static final int WINDOW_BYTES = 256 * 1024;

    private final WalSource source;
    private final WalTimelines timelines;
    private final WalSegmentSize segmentSize;

    final byte[] window = new byte[WINDOW_BYTES];
    private long windowStart;
    private int windowLength;
    private long checkedPage = -1;
    /** Bytes of the page last loaded that are there; fewer than a page only at the end of a short file. */
    int available;

    int pageBytes = 8192;
    private int magic = -1;
    private @Nullable SystemIdentifier systemIdentifier;
    private int lastTimeline;

    private long openNumber = -1;
    private @Nullable SegmentInput input;

    @Nullable
    WalSegment segment;

    WalEndReason failureReason = WalEndReason.ZEROES;
    String failureText = "";
    private String missing = "";

    WalPages(
            WalSource source,
            WalTimelines timelines,
            WalSegmentSize segmentSize,
            Optional<SystemIdentifier> systemIdentifier) {
        this.source = source;
        this.timelines = timelines;
        this.segmentSize = segmentSize;
        this.systemIdentifier = systemIdentifier.orElse(null);
    }

    static UnderstudyException unreadable(String name, IOException e) {
        return UnderstudyException.of(ErrorCode.FILE_UNREADABLE, "could not read WAL segment \"%s\"", name)
                .detail("%s", e)
                .cause(e)
                .build();
    }

    /** Makes the next page acceptable whatever page was read before. */
    void forgetOrder() {
        lastTimeline = 0;
        checkedPage = -1;
    }

    int flags(int index) {
        return WalBytes.uint16(window, index + 2);
    }

    int headerBytes(int index) {
        return (flags(index) & FLAG_LONG_HEADER) != 0 ? LONG_HEADER_BYTES : SHORT_HEADER_BYTES;
    }

    /** Bytes of the record from the page before that this page still holds or begins with, unsigned. */
    int remainingLength(int index) {
        return WalBytes.int32(window, index + 16);
    }

    /** Opens the segment of an address and learns the page size from it. */
    boolean openSegment(long address) {
        long number = Long.divideUnsigned(address, segmentSize.bytes());
        if (number == openNumber) {
            return true;
        }
        try {
            close();
            for (WalSegment candidate : timelines.candidates(number, segmentSize)) {
                Optional<SegmentInput> opened = source.open(candidate);
                if (opened.isPresent()) {
                    input = opened.get();
                    segment = candidate;
                    openNumber = number;
                    windowLength = 0;
                    return checkFirstPage(number * segmentSize.bytes());
                }
            }
        } catch (IOException e) {
            throw unreadable(new WalSegment(timelines.newest(), number, segmentSize).name(), e);
        }
        String name = new WalSegment(timelines.newest(), number, segmentSize).name();
        missing = name;
        return fail(WalEndReason.FILE_MISSING, name + " is not there");
    }

    /** Says of the same missing file that a record goes on in it. */
    void noteRecordContinues() {
        if (failureReason == WalEndReason.FILE_MISSING) {
            fail(WalEndReason.RECORD_CONTINUES, "continues in " + missing);
        }
    }

    /** The first page tells the segment's cluster and sizes, wherever in the segment reading starts. */
    private boolean checkFirstPage(long start) throws IOException {
        boolean good = fill(start, LONG_HEADER_BYTES) && checkPage(start, 0);
        if (!good) {
            close();
            return false;
        }
        pageBytes = WalBytes.int32(window, 36);
        checkedPage = -1;
        return true;
    }

    /**
     * Makes a page readable.
     *
     * @param address the page's address in WAL, a multiple of the page size
     * @return where it begins in {@link #window}; -1 if it cannot be had
     */
    int load(long address) {
        long offset = address - windowStart;
        if (address == checkedPage && offset >= 0 && offset < windowLength) {
            return (int) offset;
        }
        if (!openSegment(address)) {
            return -1;
        }
        try {
            if (!fill(
                    address,
                    (int) (address & (segmentSize.bytes() - 1)) == 0 ? LONG_HEADER_BYTES : SHORT_HEADER_BYTES)) {
                return -1;
            }
        } catch (IOException e) {
            throw unreadable(input == null ? "" : input.name(), e);
        }
        int index = (int) (address - windowStart);
        if (!checkPage(address, index)) {
            return -1;
        }
        available = Math.min(pageBytes, windowLength - index);
        checkedPage = address;
        return index;
    }

    /** Moves the window so that it holds at least {@code least} bytes from {@code address}. */
    private boolean fill(long address, int least) throws IOException {
        long offset = address - windowStart;
        if (windowLength > 0 && offset >= 0 && offset + pageBytes <= windowLength) {
            return true;
        }
        SegmentInput from = input;
        if (from == null) {
            throw new IllegalStateException("no segment is open");
        }
        int position = (int) (address & (segmentSize.bytes() - 1));
        windowStart = address;
        windowLength = from.read(position, window, 0, Math.min(WINDOW_BYTES, segmentSize.bytes() - position));
        return windowLength >= least || failShort(position + windowLength);
    }

    /** Notes that the file ends before the segment does. */
    boolean failShort(long length) {
        SegmentInput from = input;
        boolean partial = from != null && from.isPartial();
        String name = from == null ? "" : from.name();
        return fail(
                partial ? WalEndReason.PARTIAL_FILE_END : WalEndReason.FILE_TRUNCATED,
                "%s ends after %d of %d bytes".formatted(name, length, segmentSize.bytes()));
    }

    /** Length of the open file, known once reading came to its early end. */
    long lengthSeen() {
        return (windowStart & (segmentSize.bytes() - 1)) + windowLength;
    }

    private boolean checkPage(long address, int index) {
        int pageMagic = WalBytes.uint16(window, index);
        if (pageMagic == 0 && WalBytes.isZero(window, index, SHORT_HEADER_BYTES)) {
            return fail(WalEndReason.ZEROES, "WAL ends here: zeroes follow");
        }
        if (magic >= 0
                ? pageMagic != magic
                : FormatVersion.findByWalPageMagic(pageMagic).isEmpty()) {
            return fail(
                    WalEndReason.MAGIC_WRONG, "invalid magic number %04X in %s".formatted(pageMagic, place(address)));
        }
        int flags = flags(index);
        boolean first = (address & (segmentSize.bytes() - 1)) == 0;
        if ((flags & ~ALL_FLAGS) != 0 || first != ((flags & FLAG_LONG_HEADER) != 0)) {
            return fail(
                    WalEndReason.PAGE_HEADER_INVALID, "invalid info bits %04X in %s".formatted(flags, place(address)));
        }
        if (first && !checkLongHeader(index)) {
            return false;
        }
        if (!checkAddress(address, WalBytes.int64(window, index + 8))) {
            return false;
        }
        magic = pageMagic;
        return checkTimeline(address, WalBytes.int32(window, index + 4));
    }

    private boolean checkLongHeader(int index) {
        SystemIdentifier found = new SystemIdentifier(WalBytes.int64(window, index + 24));
        if (systemIdentifier != null && !systemIdentifier.equals(found)) {
            return fail(
                    WalEndReason.FOREIGN_SYSTEM,
                    "WAL file is from different database system: %s has system identifier %s, expected is %s"
                            .formatted(segment, found, systemIdentifier));
        }
        int size = WalBytes.int32(window, index + 32);
        int page = WalBytes.int32(window, index + 36);
        if (size != segmentSize.bytes() || !WalBytes.isPageSize(page)) {
            return fail(
                    WalEndReason.PAGE_HEADER_INVALID,
                    "%s says segments of %s bytes and pages of %s, expected are segments of %d"
                            .formatted(
                                    segment,
                                    Integer.toUnsignedString(size),
                                    Integer.toUnsignedString(page),
                                    segmentSize.bytes()));
        }
        systemIdentifier = found;
        return true;
    }

    /** A recycled segment was renamed, so its old pages stand at their old offset and have an earlier address. */
    private boolean checkAddress(long address, long found) {
        if (found == address) {
            return true;
        }
        boolean recycled =
                Long.compareUnsigned(found, address) < 0 && ((found ^ address) & (segmentSize.bytes() - 1)) == 0;
        return fail(
                recycled ? WalEndReason.RECYCLED_PAGE : WalEndReason.PAGE_HEADER_INVALID,
                "%s %s in %s"
                        .formatted(
                                recycled
                                        ? "WAL ends here: a recycled page follows, with address"
                                        : "unexpected pageaddr",
                                new Lsn(found),
                                place(address)));
    }

    private boolean checkTimeline(long address, int timeline) {
        WalSegment open = segment;
        boolean possible = open != null
                && Integer.compareUnsigned(timeline, lastTimeline) >= 0
                && Integer.compareUnsigned(timeline, open.timeline().number()) <= 0;
        if (!possible || timeline == 0) {
            return fail(
                    WalEndReason.TIMELINE_WRONG,
                    "unexpected timeline %s in %s, after timeline %s"
                            .formatted(
                                    Integer.toUnsignedString(timeline),
                                    place(address),
                                    Integer.toUnsignedString(lastTimeline)));
        }
        lastTimeline = timeline;
        return true;
    }

    String place(long address) {
        return "%s, offset %d".formatted(segment, address & (segmentSize.bytes() - 1));
    }

    boolean fail(WalEndReason reason, String text) {
        failureReason = reason;
        failureText = text;
        return false;
    }

    @Override
    public void close() {
        try {
            if (input != null) {
                input.close();
            }
        } catch (IOException e) {
            throw unreadable(input.name(), e);
        } finally {
            input = null;
            openNumber = -1;
            checkedPage = -1;
        }
    }
}
