package dev.understudy.pgfile.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.TimelineId;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackupManifestTest {
    private static final Instant TIME = Instant.parse("2026-11-20T10:28:36Z");
    private static final List<WalRange> RANGES =
            List.of(new WalRange(TimelineId.FIRST, Lsn.parse("0/2000028"), Lsn.parse("0/2000100")));

    private static byte[] manifest(ServerMajor major, ManifestFile... files) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (BackupManifestWriter writer = new BackupManifestWriter(out, major, new SystemIdentifier(-1))) {
                for (ManifestFile file : files) {
                    writer.add(file);
                }
                writer.finish(RANGES);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final ManifestFile LABEL = ManifestFile.of("backup_label", 223, TIME, 0x12345678);
    private static final ManifestFile ODD = ManifestFile.of(new byte[] {'a', (byte) 0xFF}, 1L << 33, TIME, -1);

    @Test
    void writesVersionOneUpTo16() {
        assertThat(new String(manifest(ServerMajor.V16, LABEL, ODD), StandardCharsets.UTF_8))
                .isEqualTo("""
                        { "PostgreSQL-Backup-Manifest-Version": 1,
                        "Files": [
                        { "Path": "backup_label", "Size": 223, "Last-Modified": "2026-11-20 10:28:36 GMT", "Checksum-Algorithm": "CRC32C", "Checksum": "78563412" },
                        { "Encoded-Path": "61ff", "Size": 8589934592, "Last-Modified": "2026-11-20 10:28:36 GMT", "Checksum-Algorithm": "CRC32C", "Checksum": "ffffffff" }
                        ],
                        "WAL-Ranges": [
                        { "Timeline": 1, "Start-LSN": "0/2000028", "End-LSN": "0/2000100" }
                        ],
                        "Manifest-Checksum": "%s"}
                        """.formatted(checksum(manifest(ServerMajor.V16, LABEL, ODD))));
    }

    private static String checksum(byte[] manifest) {
        String text = new String(manifest, StandardCharsets.UTF_8);
        int at = text.lastIndexOf("\"Manifest-Checksum\": \"") + 22;
        return text.substring(at, at + 64);
    }

    @Test
    void writesTheSystemIdentifierFrom17() {
        assertThat(new String(manifest(ServerMajor.V17), StandardCharsets.UTF_8))
                .startsWith("""
                        { "PostgreSQL-Backup-Manifest-Version": 2,
                        "System-Identifier": 18446744073709551615,
                        "Files": [
                        ],
                        """);
    }

    @Test
    void readsWhatItWrites() {
        for (ServerMajor major : List.of(ServerMajor.V13, ServerMajor.V18)) {
            List<ManifestFile> files = new ArrayList<>();
            BackupManifest manifest =
                    BackupManifest.read(new ByteArrayInputStream(manifest(major, LABEL, ODD)), files::add);

            assertThat(files).containsExactly(LABEL, ODD);
            assertThat(files.get(1).crc32c()).contains(-1);
            assertThat(manifest.walRanges()).isEqualTo(RANGES);
            assertThat(manifest.files()).isEqualTo(2);
            assertThat(manifest.totalBytes()).isEqualTo(223 + (1L << 33));
            assertThat(manifest.systemIdentifier().isPresent()).isEqualTo(major.isAtLeast(ServerMajor.V17));
        }
    }

    @Test
    void twoHundredThousandFilesPassThroughALittleMemory(@TempDir Path directory) throws IOException {
        Path path = directory.resolve("backup_manifest");
        try (BackupManifestWriter writer = new BackupManifestWriter(
                new BufferedOutputStream(Files.newOutputStream(path)), ServerMajor.V18, new SystemIdentifier(1))) {
            for (int i = 0; i < 200_000; i++) {
                writer.add(ManifestFile.of("base/16384/" + i, 8192, TIME, i));
            }
            writer.finish(RANGES);
        }
        long[] seen = new long[1];
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            BackupManifest manifest = BackupManifest.read(in, file -> seen[0]++);
            assertThat(manifest.files()).isEqualTo(200_000);
        }
        assertThat(seen[0]).isEqualTo(200_000);
    }

    @Test
    void anyChangeIsSeen() {
        byte[] good = manifest(ServerMajor.V18, LABEL, ODD);
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] damaged = good.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            // The checksum's own digits may change their case, as in PostgreSQL.
            if (!new String(damaged, StandardCharsets.ISO_8859_1)
                    .equalsIgnoreCase(new String(good, StandardCharsets.ISO_8859_1))) {
                assertThat(error(damaged).code())
                        .as("bit %d", bit)
                        .isIn(ErrorCode.MANIFEST_INVALID, ErrorCode.MANIFEST_CHECKSUM_WRONG);
            }
        }
        for (int length = 0; length < good.length; length++) {
            assertThat(error(java.util.Arrays.copyOf(good, length)).code())
                    .as("length %d", length)
                    .isIn(ErrorCode.MANIFEST_INVALID, ErrorCode.MANIFEST_CHECKSUM_WRONG);
        }
    }

    @Test
    void garbageGivesOneClearError() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            byte[] garbage = new byte[random.nextInt(3000)];
            random.nextBytes(garbage);
            assertThat(error(garbage).code()).isEqualTo(ErrorCode.MANIFEST_INVALID);
        }
        assertThat(error("[".repeat(100_000).getBytes(StandardCharsets.US_ASCII))
                        .code())
                .isEqualTo(ErrorCode.MANIFEST_INVALID);
        assertThat(error(("{\"Files\": [{\"Path\": \"" + "x".repeat(3_000_000)).getBytes(StandardCharsets.US_ASCII))
                        .code())
                .isEqualTo(ErrorCode.MANIFEST_INVALID);
    }

    private static UnderstudyException error(byte[] manifest) {
        return catchThrowableOfType(
                UnderstudyException.class, () -> BackupManifest.read(new ByteArrayInputStream(manifest), file -> {}));
    }
}
