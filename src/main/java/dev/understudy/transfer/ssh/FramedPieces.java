package dev.understudy.transfer.ssh;

import dev.understudy.transfer.files.Piece;
import dev.understudy.transfer.route.PieceReceiver;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Takes stretches of files apart that come one after the other, each behind a line with its number of bytes. */
final class FramedPieces extends OutputStream {
    private static final int LONGEST_LINE = 20;

    private final Iterator<Piece> pieces;
    private final PieceReceiver receiver;
    private final StringBuilder line = new StringBuilder();
    private boolean inside;
    private long remaining;

    FramedPieces(List<Piece> pieces, PieceReceiver receiver) {
        this.pieces = pieces.iterator();
        this.receiver = receiver;
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (inside) {
                int count = (int) Math.min(remaining, end - at);
                receiver.accept(ByteBuffer.wrap(bytes, at, count));
                at += count;
                remaining -= count;
                endIfDone();
            } else if (bytes[at++] != '\n') {
                append((char) bytes[at - 1]);
            } else {
                begin();
            }
        }
    }

    private void append(char character) throws IOException {
        line.append(character);
        if (line.length() > LONGEST_LINE) {
            throw new IOException("no number of bytes where one was expected");
        }
    }

    private void begin() throws IOException {
        try {
            remaining = Long.parseLong(line.toString());
            line.setLength(0);
            Piece piece = pieces.next();
            if (remaining < 0) {
                receiver.vanished(piece);
                return;
            }
            if (remaining > piece.length()) {
                throw new IOException("more bytes than were asked for");
            }
            receiver.begin(piece);
            inside = true;
            endIfDone();
        } catch (NumberFormatException | NoSuchElementException failure) {
            throw new IOException("no number of bytes where one was expected", failure);
        }
    }

    private void endIfDone() {
        if (remaining == 0) {
            inside = false;
            receiver.end();
        }
    }

    /** The command ended well: what is missing of its last stretch is not there any more. */
    void endShort() {
        if (inside && !pieces.hasNext()) {
            remaining = 0;
            endIfDone();
        }
    }

    /** Whether every piece has come. */
    boolean isComplete() {
        return !inside && line.isEmpty() && !pieces.hasNext();
    }
}
