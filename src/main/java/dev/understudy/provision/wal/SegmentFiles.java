package dev.understudy.provision.wal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.Host;
import dev.understudy.host.RunningCommand;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Writes a stream of WAL into segment files in a directory of a host. A segment has another name until it is whole and
 * flushed, so that no server ever takes half a one for WAL.
 */
final class SegmentFiles implements AutoCloseable {
    static final String PENDING = ".receiving";
    private static final Duration LIMIT = Duration.ofHours(24);

    private final Host host;
    private final String directory;
    private final TimelineId timeline;
    private final WalSegmentSize size;
    private Lsn flushed;
    private Lsn next;
    private @Nullable RunningCommand writer;

    /** @param start start of a segment */
    SegmentFiles(Host host, String directory, TimelineId timeline, WalSegmentSize size, Lsn start) {
        this.host = host;
        this.directory = directory;
        this.timeline = timeline;
        this.size = size;
        this.flushed = start;
        this.next = start;
    }

    /** Up to where whole segments are on disk under their own names. */
    Lsn flushed() {
        return flushed;
    }

    /** Where the next byte goes. */
    Lsn next() {
        return next;
    }

    /** Begins the segment that was begun anew, after a lost connection. */
    void rewind() {
        close();
        next = flushed;
    }

    void append(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            WalSegment segment = WalSegment.containing(timeline, next, size);
            int room = (int) segment.end().minus(next);
            int count = Math.min(room, bytes.remaining());
            byte[] piece = new byte[count];
            bytes.get(piece);
            write(segment, piece);
            next = next.plus(count);
            if (next.equals(segment.end())) {
                finish(segment);
            }
        }
    }

    private void write(WalSegment segment, byte[] piece) {
        RunningCommand current = writer;
        if (current == null) {
            current = host.start(Command.shell("umask 077; exec cat > \"$1\"", pending(segment))
                    .withLimit(LIMIT));
            writer = current;
        }
        try {
            current.input().write(piece);
        } catch (IOException e) {
            String said = current.await(Duration.ofSeconds(10)).error();
            throw UnderstudyException.of(
                            ErrorCode.FILE_IO, "could not write WAL segment %s to \"%s\"", segment, directory)
                    .detail("%s", said.isBlank() ? String.valueOf(e.getMessage()) : said.strip())
                    .cause(e)
                    .build();
        }
    }

    private void finish(WalSegment segment) {
        RunningCommand current = writer;
        writer = null;
        if (current == null) {
            throw new IllegalStateException("segment " + segment + " was not begun");
        }
        try (current) {
            OutputStream input = current.input();
            input.close();
            current.await(Duration.ofMinutes(1)).orThrow();
        } catch (IOException e) {
            throw UnderstudyException.of(
                            ErrorCode.FILE_IO, "could not write WAL segment %s to \"%s\"", segment, directory)
                    .cause(e)
                    .build();
        }
        host.files().flush(pending(segment));
        host.files().replace(pending(segment), directory + "/" + segment.name());
        flushed = segment.end();
    }

    /** Fills the segment that was begun with zeroes, as WAL that was never written is, and gives it its name. */
    void complete() {
        if (!next.equals(flushed)) {
            WalSegment segment = WalSegment.containing(timeline, next, size);
            append(ByteBuffer.allocate((int) segment.end().minus(next)));
        }
    }

    private String pending(WalSegment segment) {
        return directory + "/" + segment.name() + PENDING;
    }

    @Override
    public void close() {
        RunningCommand current = writer;
        writer = null;
        if (current != null) {
            current.close();
        }
    }
}
