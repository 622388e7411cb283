package dev.understudy.pgfile.backup;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.SystemIdentifier;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A {@code backup_manifest} but for its files, which are handed on one by one while it is read.
 *
 * @param version 1 (13 to 16) or 2 (from 17)
 * @param systemIdentifierOrNull the cluster's number, only in version 2
 * @param walRanges WAL that the backup needs
 * @param files number of files listed
 * @param totalBytes sum of their sizes
 * @param checksum the manifest's own SHA-256 as it says, in hexadecimal
 * @param checksumOk whether that is right
 */
public record BackupManifest(
        int version,
        @Nullable SystemIdentifier systemIdentifierOrNull,
        List<WalRange> walRanges,
        long files,
        long totalBytes,
        String checksum,
        boolean checksumOk) {
    public BackupManifest {
        walRanges = List.copyOf(walRanges);
    }

    /**
     * Reads and checks a manifest. Memory does not grow with its length. The files are given before the checksum at the
     * end is known: act on none of them before this returns.
     *
     * @param in the bytes; not closed
     * @param files gets each file as it is read
     * @throws UnderstudyException {@link ErrorCode#MANIFEST_INVALID}, {@link ErrorCode#MANIFEST_CHECKSUM_WRONG}
     */
    public static BackupManifest read(InputStream in, Consumer<ManifestFile> files) {
        BackupManifest manifest = readLeniently(in, files);
        if (!manifest.checksumOk) {
            throw UnderstudyException.of(ErrorCode.MANIFEST_CHECKSUM_WRONG, "manifest checksum mismatch")
                    .detail("It says %s.", manifest.checksum)
                    .build();
        }
        return manifest;
    }

    /** The same, without refusing a wrong checksum: {@link #checksumOk} tells. */
    public static BackupManifest readLeniently(InputStream in, Consumer<ManifestFile> files) {
        return new BackupManifestParser(in, files).parse();
    }

    /** The cluster's number; empty in version 1. */
    public Optional<SystemIdentifier> systemIdentifier() {
        return Optional.ofNullable(systemIdentifierOrNull);
    }
}
