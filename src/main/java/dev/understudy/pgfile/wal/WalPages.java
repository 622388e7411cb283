package dev.understudy.pgfile.wal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.Reasons;
import dev.understudy.error.UnderstudyException;
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
 */
final class WalPages implements AutoCloseable {
    static final int SHORT_HEADER_BYTES = 24;
    static final int LONG_HEADER_BYTES = 40;
    static final int FLAG_CONTINUES_RECORD = 1;
    static final int FLAG_LONG_HEADER = 2;
    static final int FLAG_AFTER_ABANDONED = 8;

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
    private final WalPageHeaders headers;

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
        this.headers = new WalPageHeaders(this, segmentSize, systemIdentifier);
    }

    static UnderstudyException unreadable(String name, IOException e) {
        return UnderstudyException.of(ErrorCode.FILE_UNREADABLE, "could not read WAL segment \"%s\"", name)
                .detail("%s", Reasons.of(e))
                .cause(e)
                .build();
    }

    /** Makes the next page acceptable whatever page was read before. */
    void forgetOrder() {
        headers.forgetOrder();
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
        boolean good = fill(start, LONG_HEADER_BYTES) && headers.check(start, 0);
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
        if (!headers.check(address, index)) {
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
