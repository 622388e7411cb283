package dev.understudy.transfer.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;
import org.jspecify.annotations.Nullable;

/**
 * Takes a tar stream of GNU format as it is pushed, and hands on each file's bytes without keeping them. Pushing is faster
 * than pulling through a pipe between threads.
 */
final class TarPushParser extends OutputStream {
    private static final int BLOCK = 512;
    /** Longest name that is believed: PATH_MAX and its zero. */
    private static final int LONGEST_NAME = 4096;

    private final Handler handler;
    private final byte[] header = new byte[BLOCK];
    private int headerFilled;
    private @Nullable TarArchiveEntry entry;
    private long remaining;
    private int padding;
    private byte[] longName = new byte[0];
    private int longNameFilled;
    private String pendingName = "";
    private boolean ended;
    private long position;

    /** Hears of regular files. */
    interface Handler {
        /** A regular file begins. */
        void begin(String name, long size) throws IOException;

        void bytes(ByteBuffer bytes) throws IOException;

        void end() throws IOException;
    }

    TarPushParser(Handler handler) {
        this.handler = handler;
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end && !ended) {
            int taken = take(bytes, at, end - at);
            at += taken;
            position += taken;
        }
    }

    private int take(byte[] bytes, int at, int count) throws IOException {
        if (entry == null) {
            int taken = Math.min(BLOCK - headerFilled, count);
            System.arraycopy(bytes, at, header, headerFilled, taken);
            headerFilled += taken;
            if (headerFilled == BLOCK) {
                headerFilled = 0;
                beginEntry();
            }
            return taken;
        }
        if (remaining > 0) {
            int taken = (int) Math.min(remaining, count);
            contents(bytes, at, taken);
            remaining -= taken;
            if (remaining == 0) {
                endContents();
            }
            return taken;
        }
        int taken = Math.min(padding, count);
        padding -= taken;
        if (padding == 0) {
            entry = null;
        }
        return taken;
    }

    private void beginEntry() throws IOException {
        if (isZero(header)) {
            ended = true; // What follows fills the last record.
            return;
        }
        TarArchiveEntry found;
        try {
            found = new TarArchiveEntry(header, ZipEncodingHelper.getZipEncoding("UTF-8"), true);
        } catch (IllegalArgumentException | IOException failure) {
            throw new GarbledAnswerException("not a tar header", failure);
        }
        if (!found.isCheckSumOK()) {
            throw new GarbledAnswerException("a tar header's checksum is wrong");
        }
        entry = found;
        remaining = found.getSize();
        padding = (int) ((BLOCK - remaining % BLOCK) % BLOCK);
        if (isLongName()) {
            if (remaining > LONGEST_NAME) {
                throw new GarbledAnswerException("a file name of " + remaining + " bytes");
            }
            longName = new byte[(int) remaining];
            longNameFilled = 0;
        } else if (isRegular()) {
            handler.begin(pendingName.isEmpty() ? found.getName() : pendingName, remaining);
            pendingName = "";
        } else {
            throw new GarbledAnswerException("an entry of type " + (char) found.getLinkFlag()
                    + " where files were asked for: " + found.getName());
        }
        if (remaining == 0) {
            endContents();
        }
    }

    private boolean isLongName() {
        return type() == TarConstants.LF_GNUTYPE_LONGNAME;
    }

    private boolean isRegular() {
        return type() == TarConstants.LF_NORMAL || type() == TarConstants.LF_OLDNORM;
    }

    private byte type() {
        return entry == null ? 0 : entry.getLinkFlag();
    }

    private void contents(byte[] bytes, int at, int count) throws IOException {
        if (isLongName()) {
            System.arraycopy(bytes, at, longName, longNameFilled, count);
            longNameFilled += count;
        } else {
            handler.bytes(ByteBuffer.wrap(bytes, at, count));
        }
    }

    private void endContents() throws IOException {
        if (isLongName()) {
            int length = longName.length;
            while (length > 0 && longName[length - 1] == 0) {
                length--;
            }
            pendingName = new String(longName, 0, length, StandardCharsets.UTF_8);
        } else {
            handler.end();
        }
        if (padding == 0) {
            entry = null;
        }
    }

    private static boolean isZero(byte[] block) {
        return Arrays.equals(block, new byte[BLOCK]);
    }

    /** The length of the archive, once its end was seen: its two empty blocks and what fills the last record. */
    long length(int recordBytes) {
        return (position + BLOCK + recordBytes - 1) / recordBytes * recordBytes;
    }

    /** Whether the archive's end was seen; a stream that is cut before is not complete. */
    boolean hasEnded() {
        return ended;
    }
}
