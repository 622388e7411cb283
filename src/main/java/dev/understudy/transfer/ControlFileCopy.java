package dev.understudy.transfer;

import dev.understudy.pgfile.control.ControlFileReader;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads a pg_control that the server may be writing, until its checksum is right. */
final class ControlFileCopy implements Supplier<byte[]> {
    private static final long PAUSE_NANOS = 10_000_000L;

    private final Supplier<byte[]> reads;
    private byte @Nullable [] last;

    private ControlFileCopy(Supplier<byte[]> reads) {
        this.reads = reads;
    }

    /**
     * The bytes of a reading whose checksum is right.
     *
     * @throws dev.understudy.error.UnderstudyException {@code CONTROL_FILE_CRC_WRONG} and others of the reader's
     */
    static byte[] readStable(Supplier<byte[]> reads) {
        ControlFileCopy copy = new ControlFileCopy(reads);
        ControlFileReader.readRetrying(copy);
        return java.util.Objects.requireNonNull(copy.last);
    }

    @Override
    public byte[] get() {
        if (last != null) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        byte[] contents = reads.get();
        last = contents;
        return contents;
    }
}
