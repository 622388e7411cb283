package dev.understudy.pgfile.wal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.FormatVersion;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.WalSegmentSize;
import java.io.IOException;
import java.util.Optional;

/**
 * What the long header at the start of every segment says.
 *
 * <pre>
 * offset  bytes  field
 *      0      2  magic, another for each major
 *      2      2  flags: 1 begins with the rest of a record, 2 long header, 4 removable, 8 begins after an abandoned record
 *      4      4  timeline
 *      8      8  address of the page in WAL
 *     16      4  bytes left of the record from the page before (4 bytes of padding follow)
 *     24      8  system identifier
 *     32      4  segment size
 *     36      4  page size
 * </pre>
 *
 * <p>Source: {@code XLogLongPageHeaderData} in {@code src/include/access/xlog_internal.h}.
 *
 * @param major the version that wrote it
 * @param timeline number of the first page's timeline
 * @param start where the segment begins
 * @param systemIdentifier the cluster it belongs to
 * @param segmentSize the cluster's segment size
 * @param pageBytes the cluster's WAL page size
 */
public record WalIdentity(
        ServerMajor major,
        int timeline,
        Lsn start,
        SystemIdentifier systemIdentifier,
        WalSegmentSize segmentSize,
        int pageBytes) {

    /**
     * Reads the header of a segment.
     *
     * @return empty if the segment begins with zeroes: nothing was ever written to it
     * @throws UnderstudyException {@link ErrorCode#WAL_INVALID} if this is no WAL segment,
     *     {@link ErrorCode#FORMAT_VERSION_UNKNOWN} if its magic is not that of a known major,
     *     {@link ErrorCode#FILE_UNREADABLE}
     */
    public static Optional<WalIdentity> read(SegmentInput segment) {
        byte[] header = new byte[WalPages.LONG_HEADER_BYTES];
        int count;
        try {
            count = segment.read(0, header, 0, header.length);
        } catch (IOException e) {
            throw WalPages.unreadable(segment.name(), e);
        }
        if (WalBytes.isZero(header, 0, count)) {
            return Optional.empty();
        }
        if (count < header.length) {
            throw notWal(segment, "It has only %d bytes.".formatted(count));
        }
        int magic = WalBytes.uint16(header, 0);
        FormatVersion version = FormatVersion.findByWalPageMagic(magic)
                .orElseThrow(() -> UnderstudyException.of(
                                ErrorCode.FORMAT_VERSION_UNKNOWN,
                                "unexpected WAL page magic %04X in \"%s\"",
                                magic,
                                segment.name())
                        .hint(
                                "Is this a WAL segment of a supported version of PostgreSQL? Known are %s to %s.",
                                ServerMajor.OLDEST, ServerMajor.NEWEST)
                        .build());
        if ((WalBytes.uint16(header, 2) & WalPages.FLAG_LONG_HEADER) == 0) {
            throw notWal(segment, "Its first page lacks the long header.");
        }
        int size = WalBytes.int32(header, 32);
        int pageBytes = WalBytes.int32(header, 36);
        if (!WalSegmentSize.isValid(size) || !WalBytes.isPageSize(pageBytes)) {
            throw notWal(segment, "It says segments of %d bytes, pages of %d.".formatted(size, pageBytes));
        }
        return Optional.of(new WalIdentity(
                version.major(),
                WalBytes.int32(header, 4),
                new Lsn(WalBytes.int64(header, 8)),
                new SystemIdentifier(WalBytes.int64(header, 24)),
                new WalSegmentSize(size),
                pageBytes));
    }

    private static UnderstudyException notWal(SegmentInput segment, String detail) {
        return UnderstudyException.of(ErrorCode.WAL_INVALID, "\"%s\" is not a WAL segment", segment.name())
                .detail("%s", detail)
                .build();
    }
}
