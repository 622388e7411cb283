package dev.understudy.pgfile;

import java.util.zip.CRC32C;

/**
 * CRC-32C (Castagnoli), PostgreSQL's checksum of pg_control, WAL records and backed-up files.
 *
 * <p>Values are unsigned 32-bit numbers in an {@code int}.
 */
public final class Crc32c {
    /** The polynomial with its bits reversed, as the checksum is computed low bit first. */
    private static final int POLYNOMIAL = 0x82F6_3B78;

    private Crc32c() {}

    public static int of(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /**
     * The checksum of two stretches of bytes, one after the other, from the checksum of each. A file checked in pieces
     * by several workers gets its one checksum so.
     *
     * @param first checksum of the first stretch
     * @param second checksum of the second stretch
     * @param secondLength length of the second stretch in bytes, not negative
     */
    public static int combine(int first, int second, long secondLength) {
        if (secondLength < 0) {
            throw new IllegalArgumentException("negative length: " + secondLength);
        }
        // Appending zero bytes to the first stretch multiplies its checksum by x^8 each, modulo the polynomial.
        return multiply(powerOfX8(secondLength), first) ^ second;
    }

    /** x^(8 * count) modulo the polynomial, by repeated squaring. */
    private static int powerOfX8(long count) {
        int result = 1 << 31;
        int square = 1 << 23;
        for (long rest = count; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                result = multiply(result, square);
            }
            square = multiply(square, square);
        }
        return result;
    }

    /** Product of two polynomials over GF(2), modulo the polynomial; the highest bit stands for x^0. */
    private static int multiply(int a, int b) {
        int product = 0;
        int shifted = b;
        for (int bit = 31; bit >= 0; bit--) {
            product ^= shifted & -(a >>> bit & 1);
            shifted = (shifted >>> 1) ^ (POLYNOMIAL & -(shifted & 1));
        }
        return product;
    }
}
