package dev.understudy.transfer.ssh;

import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.host.RunningCommand;
import dev.understudy.transfer.route.SinkWriter;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes another machine's files over one connection: small ones into one tar that runs as long as the writer, stretches of
 * large ones by a dd each.
 */
final class RemoteWriter implements SinkWriter {
    private static final Duration LIMIT = Duration.ofHours(24);
    private static final Duration END_LIMIT = Duration.ofMinutes(30);
    private static final int SMALL_BYTES = 1 << 20;

    private static final String TAR =
            "umask 077\nexec tar --extract --file=- --directory=/ --preserve-permissions --no-same-owner";

    private static final String DD = "umask 077\nexec dd of=\"$1\" bs=262144 iflag=fullblock"
            + " oflag=seek_bytes,nofollow conv=notrunc seek=\"$2\" status=none";

    /** {@code $2} size, {@code $3} mode, {@code $4} seconds. */
    private static final String FINISH = "if [ -h \"$1\" ]; then echo 'Is a symbolic link' >&2; exit 1; fi\n"
            + "truncate -s \"$2\" -- \"$1\" && chmod -- \"$3\" \"$1\" && exec touch -m -d \"@$4\" -- \"$1\"";

    private final RemoteSink sink;
    private final Host host;
    private final ByteArrayOutputStream small = new ByteArrayOutputStream();
    private @Nullable RunningCommand tarCommand;
    private @Nullable TarArchiveOutputStream tar;
    private @Nullable RunningCommand ddCommand;
    private @Nullable OutputStream dd;
    private String path = "";
    private boolean buffering;
    private long offset;

    RemoteWriter(RemoteSink sink, Host host) {
        this.sink = sink;
        this.host = host;
    }

    @Override
    public void begin(String begun, long beginOffset, int mode, boolean whole) {
        if (buffering) {
            spill(); // It waits for a page to be read again and is finished later.
            end();
        }
        path = begun;
        offset = beginOffset;
        small.reset();
        buffering = whole;
        if (!whole) {
            startDd();
        }
    }

    private void startDd() {
        RunningCommand started = host.start(shell(DD, sink.absolute(path), Long.toString(offset)));
        ddCommand = started;
        dd = started.input();
    }

    private static Command shell(String script, String... arguments) {
        return Command.shell(script, arguments).withLimit(LIMIT).withEnvironment("LC_ALL", "C");
    }

    @Override
    public long write(ByteBuffer bytes) {
        int count = bytes.remaining();
        byte[] chunk = new byte[count];
        bytes.get(chunk);
        if (buffering && small.size() + count <= SMALL_BYTES) {
            small.write(chunk, 0, count);
            return count;
        }
        if (buffering) {
            spill();
        }
        writeDd(chunk);
        return count;
    }

    private void spill() {
        buffering = false;
        startDd();
        writeDd(small.toByteArray());
    }

    private void writeDd(byte[] bytes) {
        OutputStream out = dd;
        if (out == null) {
            throw new IllegalStateException("write without begin");
        }
        try {
            out.write(bytes);
        } catch (IOException failure) {
            throw explain(ddCommand, path, failure);
        }
    }

    @Override
    public void end() {
        RunningCommand running = ddCommand;
        if (running == null) {
            return;
        }
        try (running) {
            running.input().close();
            sink.require(running.await(END_LIMIT), "could not write", path);
        } catch (IOException failure) {
            throw explain(running, path, failure);
        } finally {
            ddCommand = null;
            dd = null;
        }
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
            finishSmall(size, mode, modifiedSeconds);
            return;
        }
        Command command = shell(
                FINISH,
                sink.absolute(finished),
                Long.toString(size),
                Integer.toOctalString(mode),
                Long.toString(modifiedSeconds));
        sink.require(host.run(command), "could not finish", finished);
    }

    private void finishSmall(long size, int mode, long modifiedSeconds) {
        TarArchiveEntry entry = new TarArchiveEntry(sink.absolute(path).substring(1));
        entry.setSize(size);
        entry.setMode(0100000 | mode);
        entry.setModTime(modifiedSeconds * 1000);
        try {
            TarArchiveOutputStream out = tar();
            out.putArchiveEntry(entry);
            small.writeTo(out);
            out.closeArchiveEntry();
        } catch (IOException failure) {
            throw explain(tarCommand, path, failure);
        } finally {
            buffering = false;
        }
    }

    private TarArchiveOutputStream tar() {
        TarArchiveOutputStream known = tar;
        if (known != null) {
            return known;
        }
        RunningCommand started = host.start(shell(TAR));
        TarArchiveOutputStream made =
                new TarArchiveOutputStream(new BufferedOutputStream(started.input(), 256 << 10), "UTF-8");
        made.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
        tarCommand = started;
        tar = made;
        return made;
    }

    /** A stream that broke is a consequence: the program's own words tell why. */
    private UnderstudyException explain(@Nullable RunningCommand command, String of, IOException failure) {
        if (command == null) {
            return sink.failure("could not write", of, String.valueOf(failure.getMessage()));
        }
        CommandResult result = command.await(Duration.ofSeconds(30));
        String words = result.error().isBlank() ? String.valueOf(failure.getMessage()) : result.error();
        return sink.failure("could not write", of, words);
    }

    @Override
    public void discard(String discarded) {
        buffering = false;
        sink.remove(java.util.List.of(discarded));
    }

    @Override
    public boolean writeOnlyDifferences() {
        return false;
    }

    @Override
    public void complete() {
        TarArchiveOutputStream open = tar;
        RunningCommand running = tarCommand;
        if (open == null || running == null) {
            return;
        }
        tar = null;
        tarCommand = null;
        try (running) {
            open.close();
            sink.require(running.await(END_LIMIT), "could not write files of", path);
        } catch (IOException failure) {
            throw explain(running, path, failure);
        }
    }

    @Override
    public void close() {
        if (tarCommand != null) {
            tarCommand.close();
        }
        if (ddCommand != null) {
            ddCommand.close();
        }
        host.close();
    }
}
