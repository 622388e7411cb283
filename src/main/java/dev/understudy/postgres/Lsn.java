package dev.understudy.postgres;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A log sequence number: the position of a byte in the WAL stream of one timeline.
 *
 * @param bytes offset from the start of the stream, in bytes, as an unsigned 64-bit number; compare with
 *     {@link #compareTo}, never with {@code <}
 */
public record Lsn(long bytes) implements Comparable<Lsn> {
    /** PostgreSQL's InvalidXLogRecPtr: no location at all, printed {@code 0/0}. */
    public static final Lsn INVALID = new Lsn(0);

    private static final Pattern PRINTED = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

    /**
     * Reads either printed form, {@code %X/%X} (up to PostgreSQL 18) or {@code %X/%08X} (from 19).
     *
     * @throws UnderstudyException {@link ErrorCode#LSN_INVALID} if the text is neither
     */
    public static Lsn parse(String text) {
        Matcher matcher = PRINTED.matcher(text);
        if (!matcher.matches()) {
            throw UnderstudyException.of(ErrorCode.LSN_INVALID, "invalid LSN \"%s\"", text)
                    .hint("An LSN is two hexadecimal numbers with a slash between, for example 16/B374D848.")
                    .build();
        }
        long high = Long.parseLong(matcher.group(1), 16);
        return new Lsn(high << 32 | Long.parseLong(matcher.group(2), 16));
    }

    public boolean isInvalid() {
        return bytes == 0;
    }

    public Lsn plus(long count) {
        return new Lsn(bytes + count);
    }

    /** Bytes from {@code earlier} to this; negative if {@code earlier} is the later one. */
    public long minus(Lsn earlier) {
        return bytes - earlier.bytes;
    }

    public boolean isBefore(Lsn other) {
        return compareTo(other) < 0;
    }

    public boolean isAtLeast(Lsn other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public String toString() {
        return "%X/%X".formatted(bytes >>> 32, bytes & 0xFFFF_FFFFL);
    }
}
