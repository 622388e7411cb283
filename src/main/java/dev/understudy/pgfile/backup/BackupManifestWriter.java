package dev.understudy.pgfile.backup;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.SystemIdentifier;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes a {@code backup_manifest} as PostgreSQL does, byte for byte in form, a file at a time: nothing is kept in
 * memory. Close it only when {@link #finish} has run; a manifest without its end is refused by everyone.
 *
 * <p>Source: {@code src/backend/backup/backup_manifest.c}. 13 to 16 write version 1, 17 and later version 2 with the
 * system identifier.
 */
public final class BackupManifestWriter implements Closeable {
    public static final String FILE_NAME = "backup_manifest";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final OutputStream out;
    private final MessageDigest digest = Digests.sha256();
    private boolean first = true;

    /**
     * Begins a manifest.
     *
     * @param out where to; buffered by the caller, closed with the writer
     * @param major the cluster's major, 13 or later; before that there are no manifests, and version 1 is written
     */
    public BackupManifestWriter(OutputStream out, ServerMajor major, SystemIdentifier systemIdentifier)
            throws IOException {
        this.out = out;
        if (major.isAtLeast(ServerMajor.V17)) {
            write("{ \"PostgreSQL-Backup-Manifest-Version\": 2,\n\"System-Identifier\": " + systemIdentifier
                    + ",\n\"Files\": [");
        } else {
            write("{ \"PostgreSQL-Backup-Manifest-Version\": 1,\n\"Files\": [");
        }
    }

    /** Adds a file. Not called by two threads at once. */
    public void add(ManifestFile file) throws IOException {
        StringBuilder line = new StringBuilder(first ? "\n" : ",\n");
        first = false;
        appendPath(line, file.pathBytes());
        line.append(", \"Size\": ").append(file.sizeBytes());
        line.append(", \"Last-Modified\": \"")
                .append(TIME.format(file.lastModified()))
                .append('"');
        if (!file.algorithm().equals("NONE")) {
            line.append(", \"Checksum-Algorithm\": \"").append(file.algorithm());
            line.append("\", \"Checksum\": \"").append(file.checksum()).append('"');
        }
        write(line.append(" }").toString());
    }

    /**
     * Writes the end: the WAL the backup needs, newest timeline first, and the manifest's own checksum.
     *
     * @return that checksum, in hexadecimal
     */
    public String finish(List<WalRange> ranges) throws IOException {
        write("\n],\n\"WAL-Ranges\": [\n");
        write(ranges.stream()
                .map(range -> "{ \"Timeline\": %s, \"Start-LSN\": \"%s\", \"End-LSN\": \"%s\" }"
                        .formatted(range.timeline(), range.start(), range.end()))
                .collect(Collectors.joining(",\n")));
        write("\n],\n");
        String checksum = HexFormat.of().formatHex(digest.digest());
        out.write(("\"Manifest-Checksum\": \"" + checksum + "\"}\n").getBytes(StandardCharsets.US_ASCII));
        return checksum;
    }

    private void write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(bytes);
        out.write(bytes);
    }

    /** A manifest is UTF-8, so a name that is not goes in as hexadecimal digits. */
    private static void appendPath(StringBuilder line, byte[] path) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(path))
                    .toString();
        } catch (CharacterCodingException e) {
            line.append("{ \"Encoded-Path\": \"")
                    .append(HexFormat.of().formatHex(path))
                    .append('"');
            return;
        }
        line.append("{ \"Path\": \"");
        text.chars().forEach(character -> appendEscaped(line, (char) character));
        line.append('"');
    }

    /** As PostgreSQL's escape_json. */
    private static void appendEscaped(StringBuilder line, char character) {
        switch (character) {
            case '\b' -> line.append("\\b");
            case '\f' -> line.append("\\f");
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            case '"' -> line.append("\\\"");
            case '\\' -> line.append("\\\\");
            default -> {
                if (character < ' ') {
                    line.append("\\u%04x".formatted((int) character));
                } else {
                    line.append(character);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
