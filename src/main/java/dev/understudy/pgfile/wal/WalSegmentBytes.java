package dev.understudy.pgfile.wal;

/** A segment that is somewhere else, fetched in blocks so that a page at a time does not become a round trip each. */
public final class WalSegmentBytes implements SegmentInput {
    private static final int BLOCK_BYTES = 1 << 20;

    /** Fetches bytes from an offset, fewer at the end. */
    @FunctionalInterface
    public interface Fetch {
        byte[] bytes(long offset, int length);
    }

    private final String name;
    private final boolean partial;
    private final Fetch fetch;
    private byte[] block = new byte[0];
    private long blockStart = -1;

    public WalSegmentBytes(String name, boolean partial, Fetch fetch) {
        this.name = name;
        this.partial = partial;
        this.fetch = fetch;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isPartial() {
        return partial;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) {
        int done = 0;
        while (done < length) {
            int available = load(position + done);
            if (available == 0) {
                return done;
            }
            int count = Math.min(available, length - done);
            System.arraycopy(block, (int) (position + done - blockStart), into, offset + done, count);
            done += count;
        }
        return done;
    }

    /** Makes sure that the block holds the position; gives how many bytes are there from it on. */
    private int load(long position) {
        long start = position / BLOCK_BYTES * BLOCK_BYTES;
        if (start != blockStart) {
            block = fetch.bytes(start, BLOCK_BYTES);
            blockStart = start;
        }
        return (int) Math.max(0, blockStart + block.length - position);
    }

    @Override
    public void close() {
        // Nothing is held open.
    }
}
