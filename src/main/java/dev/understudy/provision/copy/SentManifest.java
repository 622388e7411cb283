package dev.understudy.provision.copy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.HostFiles;
import dev.understudy.pgfile.backup.BackupManifest;
import dev.understudy.pgfile.backup.ManifestFile;
import java.io.BufferedInputStream;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The backup_manifest that the primary sent with a base backup, from PostgreSQL 13 on: what it read of each file, before
 * the network and the target's disk had it.
 */
final class SentManifest {
    static final String NAME = "backup_manifest";

    private static final int BLOCK_BYTES = 1 << 20;

    /** pg_basebackup itself writes to these, or we took them out. */
    private static final Set<String> NOT_COMPARED = Set.of(
            "backup_label",
            "global/pg_control",
            "postgresql.auto.conf",
            "recovery.conf",
            "recovery.signal",
            "standby.signal",
            "tablespace_map");

    private record Sent(long size, int crc32c) {}

    private final Map<String, Sent> files = new HashMap<>();

    /**
     * Reads it; without one, as before PostgreSQL 13, nothing is known and nothing compared.
     *
     * @throws UnderstudyException {@link ErrorCode#MANIFEST_INVALID}, {@link ErrorCode#MANIFEST_CHECKSUM_WRONG}
     */
    static SentManifest read(HostFiles host, String path) {
        SentManifest manifest = new SentManifest();
        if (host.status(path).isPresent()) {
            BackupManifest.read(new BufferedInputStream(new Input(host, path), BLOCK_BYTES), manifest::add);
        }
        return manifest;
    }

    private void add(ManifestFile file) {
        if (!NOT_COMPARED.contains(file.path())) {
            file.crc32c().ifPresent(crc -> files.put(file.path(), new Sent(file.sizeBytes(), crc)));
        }
    }

    /**
     * A file as it lies in the target.
     *
     * @throws UnderstudyException {@link ErrorCode#TARGET_CHANGED} if the primary sent something else under that name
     */
    void require(String path, long size, int crc32c) {
        Sent sent = files.remove(path);
        if (sent != null && sent.size() != size) {
            throw CopiedInventory.changed(path, "it has %d bytes, the primary sent %d".formatted(size, sent.size()));
        }
        if (sent != null && sent.crc32c() != crc32c) {
            throw CopiedInventory.changed(path, "its contents have another checksum than the primary's manifest says");
        }
    }

    /** @throws UnderstudyException {@link ErrorCode#TARGET_CHANGED} if a file that was sent was not asked for */
    void requireAll() {
        Optional<String> missing = files.keySet().stream().sorted().findFirst();
        missing.ifPresent(path -> {
            throw CopiedInventory.changed(path, "it is missing, yet the primary sent it");
        });
    }

    /** A file of a host, read piece by piece. */
    private static final class Input extends InputStream {
        private final HostFiles host;
        private final String path;
        private long position;

        Input(HostFiles host, String path) {
            this.host = host;
            this.path = path;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            byte[] piece = host.readRange(path, position, Math.min(length, BLOCK_BYTES));
            System.arraycopy(piece, 0, into, offset, piece.length);
            position += piece.length;
            return piece.length == 0 && length > 0 ? -1 : piece.length;
        }
    }
}
