package dev.understudy.doctor.archive;

import dev.understudy.pgfile.wal.SegmentInput;

/**
 * A segment whose bytes are at hand.
 *
 * @param name the file's name
 * @param isPartial whether it was still being received
 * @param bytes from the segment's start; fewer than a segment's where the file is cut short
 */
record MemorySegment(String name, boolean isPartial, byte[] bytes) implements SegmentInput {
    @Override
    public int read(long position, byte[] into, int offset, int length) {
        if (position >= bytes.length) {
            return 0;
        }
        int count = (int) Math.min(length, bytes.length - position);
        System.arraycopy(bytes, (int) position, into, offset, count);
        return count;
    }

    @Override
    public void close() {
        // Nothing is held open.
    }
}
