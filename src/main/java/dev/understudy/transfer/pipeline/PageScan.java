package dev.understudy.transfer.pipeline;

import dev.understudy.pgfile.Crc32c;
import dev.understudy.pgfile.page.PageChecker;
import dev.understudy.pgfile.page.PageFailure;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Judges the pages of files as their bytes pass, however they are cut. Pages that fail are noted, to be read again: a page
 * that is being written looks wrong for a moment. One for each thread, used for one file after the other.
 */
final class PageScan {
    private static final int BATCH_PAGES = 32;

    private final PageRules rules;
    private final PageChecker checker;
    private final byte[] batch;
    private OptionalInt firstBlock = OptionalInt.empty();
    private long offset;
    private int filled;
    private List<Suspect> suspects = List.of();
    private long pages;

    /**
     * A page that fails.
     *
     * @param offset where it is in the file, in bytes
     * @param checksum CRC-32C of its bytes as they went into the file's checksum
     */
    record Suspect(long offset, int checksum) {}

    PageScan(PageRules rules) {
        this.rules = rules;
        this.checker = new PageChecker(rules.pageBytes());
        this.batch = new byte[rules.enabled() ? BATCH_PAGES * rules.pageBytes() : 0];
    }

    /** @param startOffset where in the file the bytes begin, a multiple of the page size */
    void begin(String path, long startOffset) {
        firstBlock = rules.firstBlock(path);
        offset = startOffset;
        filled = 0;
        suspects = List.of();
        pages = 0;
    }

    /** Looks at all remaining bytes; leaves the buffer's position where it was. */
    void update(ByteBuffer bytes) {
        if (firstBlock.isEmpty()) {
            return;
        }
        for (int position = bytes.position(); position < bytes.limit(); ) {
            int count = Math.min(batch.length - filled, bytes.limit() - position);
            bytes.get(position, batch, filled, count);
            filled += count;
            position += count;
            if (filled == batch.length) {
                judge();
            }
        }
    }

    /** Judges what is left; part of a page at the end of a file is not judged. */
    void end() {
        if (firstBlock.isPresent()) {
            judge();
        }
    }

    private void judge() {
        int count = filled / rules.pageBytes();
        int block = block(offset);
        for (PageFailure failure : checker.check(batch, 0, count, block)) {
            if (!failure.isCoveredByReplay(rules.backupStart())) {
                int at = (failure.blockNumber() - block) * rules.pageBytes();
                suspects = suspects.isEmpty() ? new ArrayList<>() : suspects;
                suspects.add(new Suspect(offset + at, Crc32c.of(batch, at, rules.pageBytes())));
            }
        }
        offset += (long) count * rules.pageBytes();
        pages += count;
        filled = 0;
    }

    private int block(long fileOffset) {
        return firstBlock.orElseThrow() + (int) (fileOffset / rules.pageBytes());
    }

    /** Whole pages judged since {@link #begin}. */
    long pages() {
        return pages;
    }

    List<Suspect> suspects() {
        return suspects;
    }

    /** Whether one page is fine or not to be judged. */
    boolean isAcceptable(String path, long pageOffset, byte[] page) {
        firstBlock = rules.firstBlock(path);
        return checker.check(page, 0, 1, block(pageOffset)).stream()
                .allMatch(failure -> failure.isCoveredByReplay(rules.backupStart()));
    }
}
