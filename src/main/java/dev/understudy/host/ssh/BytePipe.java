package dev.understudy.host.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A bounded buffer between a writer and a reader; unlike the JDK's pipe it does not mind which threads they are. */
final class BytePipe {
    private final byte[] ring;
    private int start;
    private int count;
    private boolean ended;
    private boolean abandoned;
    private @Nullable IOException failure;

    BytePipe(int size) {
        this.ring = new byte[size];
    }

    OutputStream sink() {
        return new Sink();
    }

    InputStream source() {
        return new Source();
    }

    private synchronized void put(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            while (count == ring.length && !abandoned) {
                pause();
            }
            if (abandoned) {
                throw new IOException("the reader has gone");
            }
            int end = (start + count) % ring.length;
            int step = Math.min(Math.min(length - done, ring.length - count), ring.length - end);
            System.arraycopy(bytes, offset + done, ring, end, step);
            count += step;
            done += step;
            notifyAll();
        }
    }

    private synchronized int take(byte[] bytes, int offset, int length) throws IOException {
        while (count == 0 && !ended && !abandoned) {
            pause();
        }
        if (count == 0) {
            if (failure != null) {
                throw new IOException(failure.getMessage(), failure);
            }
            return -1;
        }
        int step = Math.min(Math.min(length, count), ring.length - start);
        System.arraycopy(ring, start, bytes, offset, step);
        start = (start + step) % ring.length;
        count -= step;
        notifyAll();
        return step;
    }

    private void pause() throws IOException {
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Where the end is none that the other side meant, the reader fails after what is still buffered. */
    private synchronized void finish(boolean complete) {
        if (!ended && !complete) {
            failure = new IOException("the connection was lost before the end of the output");
        }
        ended = true;
        notifyAll();
    }

    private synchronized void abandon() {
        abandoned = true;
        notifyAll();
    }

    private synchronized int buffered() {
        return count;
    }

    /** The writer's side. */
    private final class Sink extends OutputStream implements SshOutput.Closing {
        @Override
        public void write(int b) throws IOException {
            put(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            put(bytes, offset, length);
        }

        @Override
        public void end(boolean complete) {
            finish(complete);
        }

        @Override
        public void close() {
            finish(true);
        }
    }

    /** The reader's side. */
    private final class Source extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            return length == 0 ? 0 : take(bytes, offset, length);
        }

        @Override
        public int available() {
            return buffered();
        }

        @Override
        public void close() {
            abandon();
        }
    }
}
