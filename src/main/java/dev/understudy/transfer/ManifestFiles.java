package dev.understudy.transfer;

import dev.understudy.pgfile.backup.BackupManifestWriter;
import dev.understudy.pgfile.backup.ManifestFile;
import dev.understudy.pgfile.backup.WalRange;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.transfer.files.FileChecksum;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.TargetInventory;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** Writes the {@code backup_manifest} of a copy from its inventory. */
public final class ManifestFiles {
    /** pg_verifybackup passes over these, since a standby's own may come in their place. */
    private static final Set<String> IGNORED =
            Set.of("backup_manifest", "postgresql.auto.conf", "recovery.signal", "standby.signal");

    private ManifestFiles() {}

    /**
     * Writes the manifest.
     *
     * @param out not closed
     * @param major 13 or later
     * @param extra files that others made or sealed: pg_control, backup_label, tablespace_map; one with a path that the
     *     inventory has replaces it
     * @param ranges the WAL that the backup needs
     */
    public static void write(
            OutputStream out,
            ServerMajor major,
            SystemIdentifier systemIdentifier,
            TargetInventory inventory,
            List<ManifestFile> extra,
            List<WalRange> ranges)
            throws IOException {
        Set<String> replaced = extra.stream().map(ManifestFile::path).collect(java.util.stream.Collectors.toSet());
        // Closing the writer would close the caller's stream.
        BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 16);
        @SuppressWarnings("resource")
        BackupManifestWriter manifest = new BackupManifestWriter(buffered, major, systemIdentifier);
        FileTable files = inventory.files();
        for (int file = 0; file < files.count(); file++) {
            String path = files.path(file);
            if (!IGNORED.contains(path) && !replaced.contains(path)) {
                manifest.add(entry(inventory, file));
            }
        }
        for (ManifestFile file : extra) {
            manifest.add(file);
        }
        manifest.finish(ranges);
        buffered.flush();
    }

    private static ManifestFile entry(TargetInventory inventory, int file) {
        FileTable files = inventory.files();
        FileChecksum checksum = inventory.checksum(file);
        Instant modified = Instant.ofEpochSecond(files.modifiedSeconds(file));
        if (checksum.isCrc32c()) {
            return ManifestFile.of(files.path(file), files.size(file), modified, checksum.crc32c());
        }
        String rawPath = new String(files.path(file).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String digits = HexFormat.of().formatHex(checksum.value());
        return new ManifestFile(rawPath, files.size(file), modified, checksum.algorithm(), digits);
    }
}
