package dev.understudy.transfer.pipeline;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * Judges the pages of one stretch of a relation file as its bytes pass, however they are cut. Pages that are not acceptable
 * are noted, to be read again: a page that is being written looks wrong for a moment.
 */
final class PageScan {
    private final PageRules rules;
    private final OptionalLong firstBlock;
    private final long startOffset;
    private final ByteBuffer straddling = ByteBuffer.allocate(PageRules.PAGE_BYTES);
    private final List<Suspect> suspects = new ArrayList<>();
    private long pages;

    /**
     * A page that is not acceptable.
     *
     * @param offset where it is in the file, in bytes
     * @param checksum CRC-32C of its bytes as they went into the file's checksum
     */
    record Suspect(long offset, int checksum) {}

    /** @param startOffset a multiple of the page size */
    PageScan(PageRules rules, String path, long startOffset) {
        this.rules = rules;
        this.firstBlock = rules.firstBlock(path);
        this.startOffset = startOffset;
    }

    /** Looks at all remaining bytes; leaves the buffer's position where it was. */
    void update(ByteBuffer bytes) {
        if (firstBlock.isEmpty()) {
            return;
        }
        int position = bytes.position();
        if (straddling.position() > 0) {
            int missing = Math.min(straddling.remaining(), bytes.remaining());
            straddling.put(bytes.slice(position, missing));
            position += missing;
            if (straddling.hasRemaining()) {
                return;
            }
            judge(straddling, 0);
            straddling.clear();
        }
        for (; bytes.limit() - position >= PageRules.PAGE_BYTES; position += PageRules.PAGE_BYTES) {
            judge(bytes, position);
        }
        straddling.put(bytes.slice(position, bytes.limit() - position));
    }

    private void judge(ByteBuffer bytes, int position) {
        long offset = startOffset + pages * PageRules.PAGE_BYTES;
        pages++;
        long block = firstBlock.getAsLong() + offset / PageRules.PAGE_BYTES;
        if (!rules.isAcceptable(bytes, position, block)) {
            CRC32C crc = new CRC32C();
            crc.update(bytes.slice(position, PageRules.PAGE_BYTES));
            suspects.add(new Suspect(offset, (int) crc.getValue()));
        }
    }

    /** Whole pages seen. */
    long pages() {
        return pages;
    }

    List<Suspect> suspects() {
        return suspects;
    }
}
