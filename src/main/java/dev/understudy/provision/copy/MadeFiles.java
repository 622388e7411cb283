package dev.understudy.provision.copy;

import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.files.TargetListing;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the run was about to make in the target, noted in the run's directory before the first byte of it was written:
 * relative paths, a NUL after each. Every attempt adds its own.
 */
final class MadeFiles {
    private static final String FILE_NAME = "made";

    private final Path file;
    private final FileTable files = new FileTable();
    private final Set<String> directories = new HashSet<>();

    private MadeFiles(Path file) {
        this.file = file;
    }

    /** What earlier attempts noted. */
    static MadeFiles load(StepContext context) {
        MadeFiles made = new MadeFiles(context.directory().resolve(FILE_NAME));
        made.read();
        return made;
    }

    /** Notes what a copy is about to make. */
    static void note(StepContext context, SourceListing listing) {
        new MadeFiles(context.directory().resolve(FILE_NAME)).append(listing.files(), listing.directories());
    }

    /** Notes what another program made in a directory of the run's own. */
    static void note(StepContext context, TargetListing listing) {
        new MadeFiles(context.directory().resolve(FILE_NAME)).append(listing.files(), listing.directories());
    }

    boolean hasFile(String path) {
        return files.find(path) >= 0;
    }

    boolean hasDirectory(String path) {
        return directories.contains(path);
    }

    private void append(FileTable added, List<String> addedDirectories) {
        try {
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            try (OutputStream out = new BufferedOutputStream(
                    Files.newOutputStream(file, StandardOpenOption.APPEND, StandardOpenOption.DSYNC), 1 << 20)) {
                out.write(0); // Ends a path that a crash cut off.
                for (int each = 0; each < added.count(); each++) {
                    write(out, added.path(each));
                }
                for (String directory : addedDirectories) {
                    write(out, directory + "/");
                }
            }
        } catch (IOException e) {
            throw failure("could not write", e);
        }
    }

    private static void write(OutputStream out, String path) throws IOException {
        out.write(path.getBytes(StandardCharsets.UTF_8));
        out.write(0);
    }

    private void read() {
        if (!Files.exists(file)) {
            return;
        }
        try {
            Consumer<String> entries = path -> {
                if (path.endsWith("/")) {
                    directories.add(path.substring(0, path.length() - 1));
                } else if (!path.isEmpty()) {
                    files.add(path, 0, 0, -1); // Twice does no harm.
                }
            };
            // A path that a crash cut off was not written to the target: that begins after all are noted.
            split(Files.readAllBytes(file), entries);
        } catch (IOException e) {
            throw failure("could not read", e);
        }
    }

    private static void split(byte[] bytes, Consumer<String> entries) {
        int start = 0;
        for (int end = 0; end < bytes.length; end++) {
            if (bytes[end] == 0) {
                entries.accept(new String(bytes, start, end - start, StandardCharsets.UTF_8));
                start = end + 1;
            }
        }
    }

    private UnderstudyException failure(String doing, IOException cause) {
        return UnderstudyException.of(ErrorCode.FILE_IO, "%s \"%s\"", doing, file)
                .detail("%s", cause.toString())
                .cause(cause)
                .build();
    }
}
