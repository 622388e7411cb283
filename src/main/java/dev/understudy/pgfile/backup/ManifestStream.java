package dev.understudy.pgfile.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The bytes of a manifest on their way to the parser, and the SHA-256 of all of them but the last line, which holds the
 * checksum itself. Keeps no more than two lines.
 */
final class ManifestStream extends InputStream {
    /** Far more than any path PostgreSQL can open. */
    private static final int LONGEST_LINE_BYTES = 1 << 20;

    private final InputStream in;
    private final MessageDigest digest = Digests.sha256();
    /** The last complete line, and what follows it so far. */
    private ByteArrayOutputStream lastLine = new ByteArrayOutputStream();

    private ByteArrayOutputStream line = new ByteArrayOutputStream();

    ManifestStream(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = in.read(into, offset, length);
        int from = offset;
        for (int i = offset; i < offset + count; i++) {
            if (into[i] == '\n') {
                line.write(into, from, i + 1 - from);
                from = i + 1;
                endLine();
            }
        }
        if (from < offset + count) {
            line.write(into, from, offset + count - from);
            if (line.size() > LONGEST_LINE_BYTES) {
                throw new IOException("line longer than " + LONGEST_LINE_BYTES + " bytes");
            }
        }
        return count;
    }

    private void endLine() {
        digest.update(lastLine.toByteArray());
        ByteArrayOutputStream free = lastLine;
        lastLine = line;
        line = free;
        line.reset();
    }

    /** Whether the last line ends with a newline, asked when all is read. */
    boolean endsWithNewline() {
        return line.size() == 0;
    }

    /** SHA-256 of everything before the last line, in hexadecimal; asked once, when all is read. */
    String checksum() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
