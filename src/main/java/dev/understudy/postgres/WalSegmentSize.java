package dev.understudy.postgres;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;

/**
 * The size of a cluster's WAL segments.
 *
 * @param bytes a power of two from 1 MiB to 1 GiB; 16 MiB unless {@code initdb --wal-segsize} or configure said otherwise
 */
public record WalSegmentSize(int bytes) {
    public static final WalSegmentSize DEFAULT = new WalSegmentSize(16 * 1024 * 1024);

    public WalSegmentSize {
        if (!isValid(bytes)) {
            throw UnderstudyException.of(ErrorCode.VALUE_INVALID, "invalid WAL segment size: %d bytes", bytes)
                    .detail("A WAL segment is a power of two between 1 MiB and 1 GiB.")
                    .build();
        }
    }

    /** Source: {@code IsValidWalSegSize} in {@code src/include/access/xlog_internal.h}. */
    public static boolean isValid(int bytes) {
        return bytes >= 1 << 20 && bytes <= 1 << 30 && Integer.bitCount(bytes) == 1;
    }

    /** Segments in 4 GiB of WAL, the unit of the middle eight digits of a segment's name. */
    public long segmentsPerXlogId() {
        return 0x1_0000_0000L / bytes;
    }

    /** Number of the segment that holds the byte at {@code lsn}. */
    public long segmentNumber(Lsn lsn) {
        return Long.divideUnsigned(lsn.bytes(), bytes);
    }

    public int offset(Lsn lsn) {
        return (int) (lsn.bytes() & (bytes - 1));
    }
}
