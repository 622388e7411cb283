package dev.understudy.postgres;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;

/**
 * The number that {@code initdb} gives a database cluster and that every physical copy of it keeps.
 *
 * @param value an unsigned 64-bit number
 */
public record SystemIdentifier(long value) {
    public static SystemIdentifier parse(String text) {
        try {
            return new SystemIdentifier(Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            throw UnderstudyException.of(ErrorCode.VALUE_INVALID, "invalid system identifier \"%s\"", text)
                    .cause(e)
                    .build();
        }
    }

    /** Decimal and unsigned, as PostgreSQL prints it. */
    @Override
    public String toString() {
        return Long.toUnsignedString(value);
    }
}
