package dev.understudy.transfer.route;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Reads what the target has, for comparing and proving; not for use by several threads. */
public interface TargetReader extends AutoCloseable {
    /**
     * Pushes the bytes of a stretch of a file.
     *
     * @return how many bytes there were; fewer than asked for at the end of the file, -1 if there is no such file
     */
    long read(String path, long offset, long length, Consumer<ByteBuffer> receiver);

    @Override
    void close();
}
