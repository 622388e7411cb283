package dev.understudy.pgfile.page;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * PostgreSQL's checksum of data pages: 32 FNV-1a hashes side by side over the page's 32-bit words, each also mixed with
 * its upper bits; then folded together, mixed with the block number and reduced to 1 to 65535. The page's own checksum
 * field counts as zero.
 *
 * <p>Sixteen pages are computed at once, so that the inner loop is long enough for the compiler to use vector
 * instructions. An instance is used by one thread.
 *
 * <p>Source: {@code src/include/storage/checksum_impl.h}.
 */
public final class PageChecksum {
    private static final int LANES = 32;
    private static final int BATCH_PAGES = 16;
    private static final int PRIME = 16777619;

    private static final int[] BASES = {
        0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
        0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA, 0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
        0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
        0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756
    };

    private final int pageBytes;
    private final int[] words;
    private final int[] row = new int[BATCH_PAGES * LANES];
    private final int[] sums = new int[BATCH_PAGES * LANES];

    /** @param pageBytes size of a page, a multiple of 1024 */
    public PageChecksum(int pageBytes) {
        this.pageBytes = pageBytes;
        this.words = new int[BATCH_PAGES * pageBytes / 4];
    }

    /** A lane's first value, for a test's plain reference. */
    static int base(int lane) {
        return BASES[lane];
    }

    /**
     * The checksum of one page.
     *
     * @param blockNumber the page's number in its relation, across the relation's files; unsigned
     * @return 1 to 65535
     */
    public int of(byte[] bytes, int offset, int blockNumber) {
        int[] result = new int[1];
        of(bytes, offset, 1, blockNumber, result);
        return result[0];
    }

    /**
     * The checksums of pages that follow each other.
     *
     * @param firstBlock number of the first page
     * @param into gets one checksum a page, from index 0
     */
    public void of(byte[] bytes, int offset, int pages, int firstBlock, int[] into) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < pages; done += BATCH_PAGES) {
            int count = Math.min(BATCH_PAGES, pages - done);
            buffer.position(offset + done * pageBytes);
            buffer.asIntBuffer().get(words, 0, count * (pageBytes / 4));
            batch(count);
            for (int page = 0; page < count; page++) {
                into[done + page] = reduce(page, firstBlock + done + page);
            }
        }
    }

    private void batch(int count) {
        int pageWords = pageBytes / 4;
        for (int page = 0; page < count; page++) {
            System.arraycopy(BASES, 0, sums, page * LANES, LANES);
            words[page * pageWords + PageHeader.CHECKSUM_OFFSET / 4] &= 0xFFFF_0000;
        }
        for (int at = 0; at < pageWords; at += LANES) {
            for (int page = 0; page < count; page++) {
                System.arraycopy(words, page * pageWords + at, row, page * LANES, LANES);
            }
            mix(sums, row, count * LANES);
        }
        Arrays.fill(row, 0);
        mix(sums, row, count * LANES);
        mix(sums, row, count * LANES);
    }

    /** One round of every hash. Kept apart and simple: the compiler turns it into vector instructions. */
    private static void mix(int[] sums, int[] values, int count) {
        for (int i = 0; i < count; i++) {
            int mixed = sums[i] ^ values[i];
            sums[i] = mixed * PRIME ^ mixed >>> 17;
        }
    }

    private int reduce(int page, int blockNumber) {
        int folded = 0;
        for (int lane = 0; lane < LANES; lane++) {
            folded ^= sums[page * LANES + lane];
        }
        return Integer.remainderUnsigned(folded ^ blockNumber, 65535) + 1;
    }
}
