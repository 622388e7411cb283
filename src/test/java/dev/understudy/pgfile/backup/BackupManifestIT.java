package dev.understudy.pgfile.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.pgfile.Postgres15;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.SystemIdentifier;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Holds reading and writing against pg_basebackup and pg_verifybackup. */
final class BackupManifestIT {
    @Test
    void writesWhatPgVerifybackupAcceptsAndReadsWhatPgBasebackupWrites() throws IOException {
        try (Postgres15 postgres = Postgres15.create()) {
            postgres.start();
            postgres.sql("create table t as select generate_series(1, 10000) g");
            Path odd = postgres.data().resolve("a \"file\"\\ with\nan ödd name");
            Files.writeString(odd, "x");
            Path backup = postgres.home().resolve("backup");
            postgres.program(
                    "pg_basebackup",
                    "-h",
                    postgres.home().toString(),
                    "-U",
                    "postgres",
                    "-D",
                    backup.toString(),
                    "-c",
                    "fast");
            postgres.stop("fast");
            Path file = backup.resolve("backup_manifest");
            byte[] theirs = Files.readAllBytes(file);
            List<ManifestFile> files = new ArrayList<>();
            BackupManifest manifest;
            try (InputStream in = Files.newInputStream(file)) {
                manifest = BackupManifest.read(in, files::add);
            }
            assertThat(manifest.version()).isEqualTo(1);
            assertThat(manifest.files()).isEqualTo(files.size()).isGreaterThan(900);
            assertThat(files).extracting(ManifestFile::path).contains("a \"file\"\\ with\nan ödd name");
            for (ManifestFile listed : files) {
                assertThat(crcOf(backup.resolve(listed.path())))
                        .as(listed.path())
                        .isEqualTo(listed.crc32c().orElseThrow());
            }
            write(file, files, manifest);
            assertThat(Files.readAllBytes(file)).isEqualTo(theirs);
            addUndecodableName(backup, files);
            write(file, files, manifest);
            assertThat(postgres.program("pg_verifybackup", backup.toString())).contains("backup successfully verified");
        }
    }

    /** A name that is not UTF-8, which Java's own file names may not hold, made by the shell. */
    private static void addUndecodableName(Path backup, List<ManifestFile> files) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", "printf abc > \"$(printf 'n\\351t')\"; chmod 644 n*")
                .directory(backup.toFile())
                .inheritIO()
                .start();
        assertThat(process.onExit().join().exitValue()).isZero();
        CRC32C crc = new CRC32C();
        crc.update("abc".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        byte[] name = {'n', (byte) 0xE9, 't'};
        files.add(ManifestFile.of(name, 3, java.time.Instant.now(), (int) crc.getValue()));
    }

    private static void write(Path file, List<ManifestFile> files, BackupManifest manifest) throws IOException {
        try (BackupManifestWriter writer = new BackupManifestWriter(
                new BufferedOutputStream(Files.newOutputStream(file)), ServerMajor.V15, new SystemIdentifier(1))) {
            for (ManifestFile listed : files) {
                writer.add(listed);
            }
            assertThat(writer.finish(manifest.walRanges())).hasSize(64);
        }
    }

    private static int crcOf(Path file) throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(Files.readAllBytes(file));
        return (int) crc.getValue();
    }
}
