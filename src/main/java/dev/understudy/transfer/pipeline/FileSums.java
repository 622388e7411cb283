package dev.understudy.transfer.pipeline;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.transfer.files.FileChecksum;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.RelativePath;
import dev.understudy.transfer.route.SinkWriter;
import dev.understudy.transfer.route.TargetHasher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settles files whose bytes did not all come by here: the target's machine hashes each whole file, once it is finished. It
 * was read a moment ago to be compared, so this reads it from memory; many files are hashed by one program.
 */
final class FileSums {
    private static final String ALGORITHM = "SHA-256";
    private static final int PENDING = 1000;

    private final CopyContext context;
    private final SinkWriter writer;
    private final @Nullable TargetHasher hasher;
    private final List<Pending> pending = new ArrayList<>();

    private record Pending(int file, long size) {}

    FileSums(CopyContext context, SinkWriter writer, @Nullable TargetHasher hasher) {
        this.context = context;
        this.writer = writer;
        this.hasher = hasher;
    }

    /** A file is finished; what is not known of it is found out later. */
    void finished(int file, long size, @Nullable FileChecksum checksum) {
        if (checksum != null) {
            context.results.written(file, size, checksum);
            return;
        }
        pending.add(new Pending(file, size));
        if (pending.size() >= PENDING) {
            flush();
        }
    }

    void flush() {
        if (pending.isEmpty()) {
            return;
        }
        TargetHasher hashes = hasher;
        if (hashes == null) {
            throw new IllegalStateException("a file without a checksum, and nothing to hash it");
        }
        writer.settle();
        FileTable files = context.listing.files();
        List<TargetHasher.Hashed> hashed = hashes.hash(
                ALGORITHM,
                pending.stream()
                        .map(each -> new TargetHasher.Stretch(files.path(each.file()), 0, Long.MAX_VALUE))
                        .toList());
        for (int each = 0; each < hashed.size(); each++) {
            settle(pending.get(each), hashed.get(each));
        }
        pending.clear();
    }

    private void settle(Pending file, TargetHasher.Hashed hashed) {
        if (hashed.length() != file.size()) {
            String path = RelativePath.printable(context.listing.files().path(file.file()));
            throw UnderstudyException.of(
                            ErrorCode.TARGET_UNSAFE, "file \"%s\" of the target is not as it was written", path)
                    .detail("It has %d bytes, %d were written.", hashed.length(), file.size())
                    .hint("Something else works on the target. Find out what, and copy again.")
                    .build();
        }
        context.results.written(file.file(), file.size(), FileChecksum.sha256(hashed.digest()));
    }
}
