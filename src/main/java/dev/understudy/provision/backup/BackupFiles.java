package dev.understudy.provision.backup;

import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.Reasons;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.Crc32c;
import dev.understudy.pgfile.backup.BackupLabel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;

/**
 * Label and tablespace map as the primary returned them, kept byte for byte in the run's directory so that a resumed run
 * has them: the primary gives them only once.
 */
public final class BackupFiles {
    private static final String CHECKSUMS = "backup_files_crc";

    private final Path directory;

    public BackupFiles(Path runDirectory) {
        this.directory = runDirectory;
    }

    /** Keeps both, flushed. */
    public void write(byte[] label, byte[] tablespaceMap) {
        write("tablespace_map", tablespaceMap);
        write(BackupLabel.FILE_NAME, label);
    }

    /** Records what they are, so that one that is changed later is known. */
    public void record(StepContext context) {
        context.record(CHECKSUMS, checksums());
    }

    /**
     * Looks at them again.
     *
     * @throws UnderstudyException {@link ErrorCode#TARGET_CHANGED} if they are not what {@link #record} saw
     */
    public void requireAsReturned(StepContext context) {
        if (!checksums().equals(context.facts().get(CHECKSUMS))) {
            throw UnderstudyException.of(
                            ErrorCode.TARGET_CHANGED,
                            "backup_label or tablespace_map in \"%s\" is not as the primary returned it",
                            directory)
                    .detail("Something else worked on the run's own files.")
                    .hint("Clear the attempt away with \"understudy abort\" and start anew.")
                    .build();
        }
    }

    private String checksums() {
        return checksum(labelBytes()) + " " + checksum(tablespaceMapBytes());
    }

    private static String checksum(byte[] contents) {
        return HexFormat.of().toHexDigits(Crc32c.of(contents, 0, contents.length));
    }

    public BackupLabel label() {
        return BackupLabel.parse(labelBytes());
    }

    public byte[] labelBytes() {
        return read(BackupLabel.FILE_NAME);
    }

    /** Empty if the primary has no tablespaces outside of its data directory. */
    public byte[] tablespaceMapBytes() {
        return read("tablespace_map");
    }

    private byte[] read(String name) {
        try {
            return Files.readAllBytes(directory.resolve(name));
        } catch (IOException e) {
            throw failed("read", name, e);
        }
    }

    private void write(String name, byte[] contents) {
        Path temporary = directory.resolve(name + ".tmp");
        try {
            Files.deleteIfExists(temporary);
            Files.createFile(
                    temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(temporary, contents);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw failed("write", name, e);
        }
    }

    private UnderstudyException failed(String verb, String name, IOException e) {
        return UnderstudyException.of(ErrorCode.FILE_IO, "could not %s \"%s\"", verb, directory.resolve(name))
                .detail("%s", Reasons.of(e))
                .cause(e)
                .build();
    }
}
