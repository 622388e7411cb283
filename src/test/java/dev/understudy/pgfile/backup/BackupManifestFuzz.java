package dev.understudy.pgfile.backup;

import dev.understudy.error.ErrorCode;
import dev.understudy.fuzz.Fuzz;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** backup_manifest. */
public final class BackupManifestFuzz {
    private static final String VERSION_2 = """
            { "PostgreSQL-Backup-Manifest-Version": 2,
            "System-Identifier": 7556543210987654321,
            "Files": [
            { "Path": "backup_label", "Size": 227, "Last-Modified": "2026-11-20 07:51:00 GMT", "Checksum-Algorithm": "CRC32C", "Checksum": "01234567" },
            { "Encoded-Path": "6261e46b", "Size": 8192, "Last-Modified": "2026-11-20 07:51:00 GMT" }
            ],
            "WAL-Ranges": [
            { "Timeline": 1, "Start-LSN": "0/2000028", "End-LSN": "0/2000120" }
            ],
            "Manifest-Checksum": "%s"}
            """.formatted("0".repeat(64));

    private BackupManifestFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        Fuzz.reading(
                Set.of(ErrorCode.MANIFEST_INVALID),
                () -> BackupManifest.readLeniently(new ByteArrayInputStream(bytes), file -> {
                            file.path();
                            file.crc32c();
                        })
                        .systemIdentifier());
        Fuzz.reading(
                Set.of(ErrorCode.MANIFEST_INVALID, ErrorCode.MANIFEST_CHECKSUM_WRONG),
                () -> BackupManifest.read(new ByteArrayInputStream(bytes), file -> {}));
    }

    public static List<byte[]> seeds() {
        String version1 = VERSION_2.replace("Version\": 2", "Version\": 1").replaceFirst("\"System.*\n", "");
        return List.of(VERSION_2.getBytes(StandardCharsets.UTF_8), version1.getBytes(StandardCharsets.UTF_8));
    }
}
