package dev.understudy.pgfile.wal;

import dev.understudy.pgfile.FormatVersion;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks the headers of WAL pages, each against the ones before it: one cluster, one format, timelines that only go up.
 *
 * <p>Source: {@code XLogReaderValidatePageHeader} in {@code src/backend/access/transam/xlogreader.c}.
 */
final class WalPageHeaders {
    private static final int ALL_FLAGS = 15;

    private final WalPages pages;
    private final WalSegmentSize segmentSize;
    private int magic = -1;
    private @Nullable SystemIdentifier systemIdentifier;
    private int lastTimeline;

    WalPageHeaders(WalPages pages, WalSegmentSize segmentSize, Optional<SystemIdentifier> systemIdentifier) {
        this.pages = pages;
        this.segmentSize = segmentSize;
        this.systemIdentifier = systemIdentifier.orElse(null);
    }

    /** Makes the next page acceptable whatever page was checked before. */
    void forgetOrder() {
        lastTimeline = 0;
    }

    /** Checks the page at an address, which is at {@code index} of the window; false leaves the reason in the pages. */
    boolean check(long address, int index) {
        int pageMagic = WalBytes.uint16(pages.window, index);
        if (pageMagic == 0 && WalBytes.isZero(pages.window, index, WalPages.SHORT_HEADER_BYTES)) {
            return pages.fail(WalEndReason.ZEROES, "WAL ends here: zeroes follow");
        }
        if (magic >= 0
                ? pageMagic != magic
                : FormatVersion.findByWalPageMagic(pageMagic).isEmpty()) {
            return pages.fail(
                    WalEndReason.MAGIC_WRONG,
                    "invalid magic number %04X in %s".formatted(pageMagic, pages.place(address)));
        }
        int flags = pages.flags(index);
        boolean first = (address & (segmentSize.bytes() - 1)) == 0;
        if ((flags & ~ALL_FLAGS) != 0 || first != ((flags & WalPages.FLAG_LONG_HEADER) != 0)) {
            return pages.fail(
                    WalEndReason.PAGE_HEADER_INVALID,
                    "invalid info bits %04X in %s".formatted(flags, pages.place(address)));
        }
        if (first && !checkLongHeader(index)) {
            return false;
        }
        if (!checkAddress(address, WalBytes.int64(pages.window, index + 8))) {
            return false;
        }
        magic = pageMagic;
        return checkTimeline(address, WalBytes.int32(pages.window, index + 4));
    }

    private boolean checkLongHeader(int index) {
        SystemIdentifier found = new SystemIdentifier(WalBytes.int64(pages.window, index + 24));
        if (systemIdentifier != null && !systemIdentifier.equals(found)) {
            return pages.fail(
                    WalEndReason.FOREIGN_SYSTEM,
                    "WAL file is from different database system: %s has system identifier %s, expected is %s"
                            .formatted(pages.segment, found, systemIdentifier));
        }
        int size = WalBytes.int32(pages.window, index + 32);
        int page = WalBytes.int32(pages.window, index + 36);
        if (size != segmentSize.bytes() || !WalBytes.isPageSize(page)) {
            return pages.fail(
                    WalEndReason.PAGE_HEADER_INVALID,
                    "%s says segments of %s bytes and pages of %s, expected are segments of %d"
                            .formatted(
                                    pages.segment,
                                    Integer.toUnsignedString(size),
                                    Integer.toUnsignedString(page),
                                    segmentSize.bytes()));
        }
        systemIdentifier = found;
        return true;
    }

    /** A recycled segment was renamed, so its old pages stand at their old offset and have an earlier address. */
    private boolean checkAddress(long address, long found) {
        if (found == address) {
            return true;
        }
        boolean recycled =
                Long.compareUnsigned(found, address) < 0 && ((found ^ address) & (segmentSize.bytes() - 1)) == 0;
        return pages.fail(
                recycled ? WalEndReason.RECYCLED_PAGE : WalEndReason.PAGE_HEADER_INVALID,
                "%s %s in %s"
                        .formatted(
                                recycled
                                        ? "WAL ends here: a recycled page follows, with address"
                                        : "unexpected pageaddr",
                                new Lsn(found),
                                pages.place(address)));
    }

    private boolean checkTimeline(long address, int timeline) {
        WalSegment open = pages.segment;
        boolean possible = open != null
                && Integer.compareUnsigned(timeline, lastTimeline) >= 0
                && Integer.compareUnsigned(timeline, open.timeline().number()) <= 0;
        if (!possible || timeline == 0) {
            return pages.fail(
                    WalEndReason.TIMELINE_WRONG,
                    "unexpected timeline %s in %s, after timeline %s"
                            .formatted(
                                    Integer.toUnsignedString(timeline),
                                    pages.place(address),
                                    Integer.toUnsignedString(lastTimeline)));
        }
        lastTimeline = timeline;
        return true;
    }
}
