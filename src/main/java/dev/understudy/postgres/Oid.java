package dev.understudy.postgres;

/**
 * An object identifier, such as a tablespace's.
 *
 * @param number an unsigned 32-bit number
 */
public record Oid(int number) implements Comparable<Oid> {
    public static Oid parse(String text) {
        return new Oid(Integer.parseUnsignedInt(text));
    }

    @Override
    public int compareTo(Oid other) {
        return Integer.compareUnsigned(number, other.number);
    }

    @Override
    public String toString() {
        return Integer.toUnsignedString(number);
    }
}
