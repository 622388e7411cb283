package dev.understudy.server.replication;

import dev.understudy.postgres.Lsn;
import java.nio.ByteBuffer;

/** Takes WAL as it arrives. */
public interface WalConsumer {
    /**
     * Takes the next stretch, which begins where the last one ended.
     *
     * @param start LSN of the first byte
     * @param bytes from position to limit; not to be kept after the call
     */
    void accept(Lsn start, ByteBuffer bytes);

    /** Up to where all is safely on disk; the server keeps what is behind it if a slot is used. */
    Lsn flushed();
}
