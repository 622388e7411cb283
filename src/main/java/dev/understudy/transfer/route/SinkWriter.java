package dev.understudy.transfer.route;

import java.nio.ByteBuffer;

/** Writes files of the target for one worker; not for use by several threads. */
public interface SinkWriter extends AutoCloseable {
    /**
     * The next writes go to this file from this offset on. The file is made if it is not there.
     *
     * @param whole whether the file is written whole now, and finished next
     */
    void begin(String path, long offset, int mode, boolean whole);

    /**
     * Writes all remaining bytes of the buffer.
     *
     * @return how many bytes had to be written; fewer than given where the sink found that they are there already
     */
    long write(ByteBuffer bytes);

    /** The bytes of this stretch have all been given; {@link #settle} makes sure that they arrived. */
    void end();

    /** Writes bytes at a place of a file that is not finished. */
    void patch(String path, long offset, ByteBuffer bytes, int mode);

    /** Gives the file its final size, mode and time of modification. */
    void finish(String path, long size, int mode, long modifiedSeconds);

    /** Removes a file that was begun, because the source does not have it any more; fine if it is not there. */
    void discard(String path);

    /**
     * From now on compares with what is in the target, and writes only stretches that differ.
     *
     * @return whether this sink can
     */
    boolean writeOnlyDifferences();

    /** Makes sure that everything given to this writer so far has arrived, for another writer or a reader to build upon. */
    default void settle() {}

    /** The same, called once, when the worker is done. */
    default void complete() {}

    @Override
    void close();
}
