package dev.understudy.postgres;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;

/**
 * The number of a branch of a cluster's history.
 *
 * @param number from 1, an unsigned 32-bit number
 */
public record TimelineId(int number) implements Comparable<TimelineId> {
    public static final TimelineId FIRST = new TimelineId(1);

    public TimelineId {
        if (number == 0) {
            throw UnderstudyException.of(ErrorCode.VALUE_INVALID, "timeline 0 does not exist")
                    .build();
        }
    }

    @Override
    public int compareTo(TimelineId other) {
        return Integer.compareUnsigned(number, other.number);
    }

    /** Decimal, as PostgreSQL prints it in messages and {@code pg_controldata}. */
    @Override
    public String toString() {
        return Integer.toUnsignedString(number);
    }
}
