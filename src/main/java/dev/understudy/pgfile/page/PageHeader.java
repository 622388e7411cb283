package dev.understudy.pgfile.page;

import dev.understudy.postgres.Lsn;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The first 24 bytes of a data page.
 *
 * <pre>
 * offset  bytes  field
 *      0      8  LSN of the last change, upper four bytes first
 *      8      2  checksum
 *     10      2  flags
 *     12      2  end of the line pointers
 *     14      2  start of the tuples; 0 in a new page
 *     16      2  start of the special space
 *     18      2  page size and layout version
 *     20      4  oldest transaction that could be pruned
 * </pre>
 *
 * <p>Source: {@code PageHeaderData} in {@code src/include/storage/bufpage.h}.
 *
 * @param lsn end of the WAL record that changed the page last
 * @param checksum unsigned 16-bit number
 * @param lower unsigned 16-bit offset
 * @param upper unsigned 16-bit offset
 * @param special unsigned 16-bit offset
 * @param pageSize in bytes
 * @param layoutVersion 4 in every supported major
 */
public record PageHeader(Lsn lsn, int checksum, int lower, int upper, int special, int pageSize, int layoutVersion) {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    static final int CHECKSUM_OFFSET = 8;
    static final int UPPER_OFFSET = 14;

    /** Reads the header of the page that starts at an offset; 24 bytes must be there. */
    public static PageHeader read(byte[] bytes, int offset) {
        int sizeAndVersion = uint16(bytes, offset + 18);
        return new PageHeader(
                lsn(bytes, offset),
                uint16(bytes, offset + CHECKSUM_OFFSET),
                uint16(bytes, offset + 12),
                uint16(bytes, offset + UPPER_OFFSET),
                uint16(bytes, offset + 16),
                sizeAndVersion & 0xFF00,
                sizeAndVersion & 0xFF);
    }

    static int uint16(byte[] bytes, int offset) {
        return (short) SHORT.get(bytes, offset) & 0xFFFF;
    }

    static Lsn lsn(byte[] bytes, int offset) {
        return new Lsn((long) (int) INT.get(bytes, offset) << 32 | (int) INT.get(bytes, offset + 4) & 0xFFFF_FFFFL);
    }
}
