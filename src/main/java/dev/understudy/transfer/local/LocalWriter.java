package dev.understudy.transfer.local;

import dev.understudy.transfer.route.SinkWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes files of this machine. */
final class LocalWriter implements SinkWriter {
    private static final Set<OpenOption> WRITE =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    private static final int COMPARED_BYTES = 8192;

    private final LocalSink sink;
    private final LocalRoots roots;
    private @Nullable FileChannel channel;
    private String channelPath = "";
    private final StretchOutput output;
    private long position;
    private long started;
    private boolean wantsDifferences;
    /** Whether there is something to compare this stretch with. */
    private boolean comparing;

    private boolean changed;
    private @Nullable ByteBuffer present;

    LocalWriter(LocalSink sink) {
        this.sink = sink;
        this.roots = sink.openRoots();
        this.output = new StretchOutput(sink, roots);
    }

    @Override
    public void begin(String path, long offset, int mode, boolean whole) {
        FileChannel begun = open(path, mode);
        output.begin(begun, path, offset);
        position = offset;
        started = offset;
        comparing = wantsDifferences && holdsMoreThan(begun, offset);
    }

    private boolean holdsMoreThan(FileChannel file, long offset) {
        try {
            return file.size() > offset;
        } catch (IOException failure) {
            throw sink.failure(failure, "could not look at", channelPath);
        }
    }

    private FileChannel open(String path, int mode) {
        FileChannel known = channel;
        if (known != null && channelPath.equals(path)) {
            return known;
        }
        closeChannel();
        try {
            FileChannel opened = roots.open(path, WRITE, PosixFilePermissions.asFileAttribute(Modes.permissions(mode)));
            channel = opened;
            channelPath = path;
            changed = false;
            return opened;
        } catch (IOException failure) {
            throw sink.failure(failure, "could not open", path);
        }
    }

    @Override
    public long write(ByteBuffer bytes) {
        FileChannel to = channel;
        if (to == null) {
            throw new IllegalStateException("write without begin");
        }
        try {
            return comparing ? writeDifferences(to, bytes) : writeOn(bytes);
        } catch (IOException failure) {
            throw sink.failure(failure, "could not write", channelPath);
        }
    }

    private long writeOn(ByteBuffer bytes) throws IOException {
        long written = bytes.remaining();
        announceChange(written);
        output.write(bytes);
        position += written;
        return written;
    }

    private void announceChange(long bytes) {
        if (!changed && bytes > 0) {
            sink.changing(channelPath);
            changed = true;
        }
    }

    private long writeAll(FileChannel to, ByteBuffer bytes) throws IOException {
        long written = bytes.remaining();
        announceChange(written);
        while (bytes.hasRemaining()) {
            position += to.write(bytes, position);
        }
        return written;
    }

    /** Reads what is there and writes the blocks that differ; neighbouring ones in one go. */
    private long writeDifferences(FileChannel to, ByteBuffer bytes) throws IOException {
        ByteBuffer there = readPresent(to, bytes.remaining());
        int limit = bytes.limit();
        int start = bytes.position();
        long begin = position;
        long written = 0;
        for (int at = start; at < limit; ) {
            int end = at;
            while (end < limit && differs(bytes, there, start, end, limit)) {
                end = Math.min(limit, end + COMPARED_BYTES);
            }
            if (end > at) {
                position = begin + (at - start);
                written += writeAll(to, bytes.limit(end).position(at));
                bytes.limit(limit);
            }
            at = Math.min(limit, end + COMPARED_BYTES);
        }
        bytes.position(limit);
        position = begin + (limit - start);
        return written;
    }

    private static boolean differs(ByteBuffer bytes, ByteBuffer there, int start, int at, int limit) {
        int count = Math.min(COMPARED_BYTES, limit - at);
        int from = at - start;
        return from + count > there.limit() || bytes.slice(at, count).mismatch(there.slice(from, count)) >= 0;
    }

    private ByteBuffer readPresent(FileChannel from, int count) throws IOException {
        ByteBuffer there = present;
        if (there == null || there.capacity() < count) {
            there = ByteBuffer.allocateDirect(Math.max(count, 256 << 10));
            present = there;
        }
        there.clear().limit(count);
        while (there.hasRemaining() && from.read(there, position + there.position()) > 0) {
            // Goes on until the stretch or the file ends.
        }
        return there.flip();
    }

    @Override
    public void end() {
        if (!comparing) {
            try {
                output.end();
            } catch (IOException failure) {
                throw sink.failure(failure, "could not write", channelPath);
            }
        }
        if (!sink.writesDirectly()) {
            sink.writeBackEarly(channelPath, position - started);
        }
    }

    @Override
    public void patch(String path, long offset, ByteBuffer bytes, int mode) {
        FileChannel to = open(path, mode);
        try {
            position = offset;
            writeAll(to, bytes);
        } catch (IOException failure) {
            throw sink.failure(failure, "could not write", path);
        }
    }

    @Override
    public void finish(String path, long size, int mode, long modifiedSeconds) {
        FileChannel finished = open(path, mode);
        try {
            if (finished.size() != size) {
                sink.changing(path);
                finished.truncate(size);
            }
            closeChannel();
            sink.settle(roots.locate(path), mode, FileTime.from(modifiedSeconds, TimeUnit.SECONDS));
        } catch (IOException failure) {
            throw sink.failure(failure, "could not finish", path);
        }
    }

    @Override
    public void discard(String path) {
        closeChannel();
        sink.changing(path);
        try {
            LocalRoots.Place place = roots.locate(path);
            place.directory().deleteFile(place.name());
        } catch (NoSuchFileException gone) {
            return;
        } catch (IOException failure) {
            throw sink.failure(failure, "could not remove", path);
        }
    }

    @Override
    public boolean writeOnlyDifferences() {
        wantsDifferences = true;
        return true;
    }

    private void closeChannel() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException failure) {
                throw sink.failure(failure, "could not close", channelPath);
            }
        }
    }

    @Override
    public void close() {
        output.close();
        closeChannel();
        roots.close();
    }
}
