package dev.understudy.postgres;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.util.regex.Pattern;

/**
 * One WAL segment: a stretch of one timeline's WAL, and the file that holds it.
 *
 * @param timeline the timeline in the file's name
 * @param number the segment's number, counted from LSN 0/0 in units of {@code size}; unsigned
 * @param size the cluster's segment size
 */
public record WalSegment(TimelineId timeline, long number, WalSegmentSize size) implements Comparable<WalSegment> {
    private static final Pattern NAME = Pattern.compile("[0-9A-F]{24}");

    /** The segment that holds the byte at {@code lsn} (PostgreSQL's XLByteToSeg). */
    public static WalSegment containing(TimelineId timeline, Lsn lsn, WalSegmentSize size) {
        return new WalSegment(timeline, size.segmentNumber(lsn), size);
    }

    /**
     * The last segment needed to replay up to {@code end}, an end location: on an exact boundary the segment before it
     * (PostgreSQL's XLByteToPrevSeg).
     */
    public static WalSegment endingAt(TimelineId timeline, Lsn end, WalSegmentSize size) {
        return containing(timeline, end.plus(-1), size);
    }

    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * Reads a file name of 24 hexadecimal digits in upper case.
     *
     * @throws UnderstudyException {@link ErrorCode#SEGMENT_NAME_INVALID} if it is not one for segments of this size
     */
    public static WalSegment parse(String name, WalSegmentSize size) {
        if (isName(name)) {
            int timeline = Integer.parseUnsignedInt(name.substring(0, 8), 16);
            long high = Long.parseLong(name.substring(8, 16), 16);
            long low = Long.parseLong(name.substring(16), 16);
            if (timeline != 0 && low < size.segmentsPerXlogId()) {
                return new WalSegment(new TimelineId(timeline), high * size.segmentsPerXlogId() + low, size);
            }
        }
        throw UnderstudyException.of(
                        ErrorCode.SEGMENT_NAME_INVALID,
                        "\"%s\" is not the name of a WAL segment of %d bytes",
                        name,
                        size.bytes())
                .build();
    }

    /** The first byte of the segment. */
    public Lsn start() {
        return new Lsn(number * size.bytes());
    }

    /** The first byte after the segment. */
    public Lsn end() {
        return start().plus(size.bytes());
    }

    public WalSegment next() {
        return new WalSegment(timeline, number + 1, size);
    }

    public WalSegment previous() {
        return new WalSegment(timeline, number - 1, size);
    }

    /** The file's name, 24 hexadecimal digits. */
    public String name() {
        return "%08X%08X%08X"
                .formatted(
                        timeline.number(),
                        Long.divideUnsigned(number, size.segmentsPerXlogId()),
                        Long.remainderUnsigned(number, size.segmentsPerXlogId()));
    }

    /** By timeline, then by number, which is also the order of the names. */
    @Override
    public int compareTo(WalSegment other) {
        int byTimeline = timeline.compareTo(other.timeline);
        return byTimeline != 0 ? byTimeline : Long.compareUnsigned(number, other.number);
    }

    @Override
    public String toString() {
        return name();
    }
}
