package dev.understudy.transfer.ssh;

import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.transfer.route.SinkWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes another machine's files over one connection through a shell that stays: small ones many by one tar, stretches of
 * large ones by a dd each. Nothing waits for an answer before {@link #settle}; a request that fails ends the shell, which
 * the next one notices.
 */
final class RemoteWriter implements SinkWriter {
    private static final int SMALL_BYTES = 1 << 20;
    private static final int ARCHIVE_BYTES = 4 << 20;
    private static final int CHUNK_BYTES = 4 << 20;
    /** What the other machine's tar reads at once. */
    private static final int RECORD_BYTES = 64 << 10;

    private final RemoteSink sink;
    private final Host host;
    private final RemoteShell shell;
    private final Attributes attributes;
    private final ByteArrayOutputStream small = new ByteArrayOutputStream();
    private final Archive archive = new Archive();
    private byte[] chunk = new byte[0];
    private int filled;
    private String path = "";
    private boolean buffering;
    private long offset;

    RemoteWriter(RemoteSink sink, Host host) {
        this.sink = sink;
        this.host = host;
        this.shell = new RemoteShell(host, TargetScripts.ENTER + TargetScripts.WRITE);
        this.attributes = new Attributes(sink, shell);
    }

    /** Something that is sent. */
    private interface Sending {
        void run() throws IOException;
    }

    private void send(Sending sending) {
        try {
            shell.within(() -> {
                sending.run();
                return true;
            });
        } catch (IOException failure) {
            throw broken(failure);
        }
    }

    private UnderstudyException broken(IOException failure) {
        return sink.failure("could not write", sink.absolute(path), shell.words(failure));
    }

    @Override
    public void begin(String begun, long beginOffset, int mode, boolean whole) {
        if (buffering) {
            spill(); // It waits for a page to be read again and is finished later.
            end();
        }
        sink.changing(begun);
        path = begun;
        offset = beginOffset;
        small.reset();
        buffering = whole;
    }

    @Override
    public long write(ByteBuffer bytes) {
        int count = bytes.remaining();
        if (buffering && small.size() + count <= SMALL_BYTES) {
            byte[] copy = new byte[count];
            bytes.get(copy);
            small.write(copy, 0, count);
            return count;
        }
        if (buffering) {
            spill();
        }
        append(bytes);
        return count;
    }

    private void spill() {
        buffering = false;
        append(ByteBuffer.wrap(small.toByteArray()));
        small.reset();
        sink.touched(path);
    }

    private void append(ByteBuffer bytes) {
        if (chunk.length == 0) {
            chunk = new byte[CHUNK_BYTES];
        }
        while (bytes.hasRemaining()) {
            int count = Math.min(bytes.remaining(), CHUNK_BYTES - filled);
            bytes.get(chunk, filled, count);
            filled += count;
            if (filled == CHUNK_BYTES) {
                put();
            }
        }
    }

    private void put() {
        if (filled == 0) {
            return;
        }
        sink.touched(path);
        send(() -> {
            sink.footing().enter(shell, path);
            shell.request("put", sink.footing().name(path), Long.toString(offset), Integer.toString(filled));
            shell.data(chunk, 0, filled);
        });
        offset += filled;
        filled = 0;
    }

    @Override
    public void end() {
        put();
    }

    @Override
    public void patch(String patched, long patchOffset, ByteBuffer bytes, int mode) {
        if (buffering && path.equals(patched)) {
            byte[] contents = small.toByteArray();
            bytes.get(contents, (int) patchOffset, bytes.remaining());
            small.reset();
            small.write(contents, 0, contents.length);
            return;
        }
        begin(patched, patchOffset, mode, false);
        write(bytes);
        end();
    }

    @Override
    public void finish(String finished, long size, int mode, long modifiedSeconds) {
        if (buffering && path.equals(finished)) {
            buffering = false;
            send(() -> archive.add(size, mode, modifiedSeconds));
        } else {
            sink.resizing(finished, size);
            send(() -> attributes.set(finished, size, mode, modifiedSeconds));
        }
    }

    /** Small files of one directory on their way to a tar that unpacks them there, under plain names. */
    private final class Archive {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private String place = "";
        private String first = "";
        private TarArchiveOutputStream tar = open();

        private TarArchiveOutputStream open() {
            TarArchiveOutputStream opened = new TarArchiveOutputStream(bytes, RECORD_BYTES, "UTF-8");
            opened.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            return opened;
        }

        void add(long size, int mode, long modifiedSeconds) throws IOException {
            String there = sink.footing().place(path);
            if (!there.equals(place)) {
                flush();
            }
            if (first.isEmpty()) {
                first = path;
                place = there;
            }
            TarArchiveEntry entry = new TarArchiveEntry(sink.footing().name(path), true);
            entry.setSize(size);
            entry.setMode(0100000 | mode);
            entry.setModTime(modifiedSeconds * 1000);
            tar.putArchiveEntry(entry);
            small.writeTo(tar);
            tar.closeArchiveEntry();
            if (bytes.size() >= ARCHIVE_BYTES) {
                flush();
            }
        }

        void flush() throws IOException {
            if (first.isEmpty()) {
                return;
            }
            tar.close();
            sink.footing().enter(shell, first);
            shell.request("extract", Integer.toString(bytes.size()));
            shell.data(bytes.toByteArray(), 0, bytes.size());
            first = "";
            bytes.reset();
            tar = open();
        }
    }

    @Override
    public void discard(String discarded) {
        buffering = false;
        filled = 0;
        sink.changing(discarded);
        send(() -> {
            archive.flush();
            sink.footing().enter(shell, discarded);
            shell.request("discard", sink.footing().name(discarded));
        });
    }

    @Override
    public boolean writeOnlyDifferences() {
        return false;
    }

    @Override
    public void settle() {
        send(() -> {
            archive.flush();
            attributes.flush();
            shell.request("acknowledge");
            shell.flush();
            shell.text('\n');
        });
    }

    @Override
    public void complete() {
        settle();
    }

    @Override
    public void close() {
        shell.close();
        host.close();
    }
}
