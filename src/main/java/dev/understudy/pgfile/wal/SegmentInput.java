package dev.understudy.pgfile.wal;

import java.io.Closeable;
import java.io.IOException;

/** The bytes of one WAL segment, wherever they come from. Used by one thread. */
public interface SegmentInput extends Closeable {
    /** The file's name as people know it, for messages: {@code 000000010000000000000003.gz}. */
    String name();

    /** Whether the segment was still being received when its file was made, so that it may end early. */
    boolean isPartial();

    /**
     * Reads as much as is there, up to {@code length} bytes.
     *
     * @param position offset in the segment, from 0
     * @return bytes read, fewer than {@code length} only at the end of the segment's bytes; never negative
     */
    int read(long position, byte[] into, int offset, int length) throws IOException;
}
