package dev.understudy.provision.copy;

import dev.understudy.engine.Progress;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.TargetInventory;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.TargetReader;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/** Reads every byte of the target again and compares the CRC-32C of each file with what the copy wrote. */
record ContentCheck(Sink sink, TargetInventory inventory, StepContext context) {
    void run() {
        run(path -> true);
    }

    /** Only the files whose path is wanted. */
    void run(Predicate<String> wanted) {
        FileTable files = inventory.files();
        long done = 0;
        try (TargetReader reader = sink.reader()
                .orElseThrow(
                        () -> UnderstudyException.of(ErrorCode.DEFECT, "the %s cannot be read again", sink.describe())
                                .build())) {
            for (int file = 0; file < files.count(); file++) {
                context.checkAlive();
                if (wanted.test(files.path(file))) {
                    check(reader, files, file);
                }
                done += files.size(file);
                context.progress(new Progress(done, files.totalBytes(), Progress.Unit.BYTES, files.path(file)));
            }
        }
    }

    private void check(TargetReader reader, FileTable files, int file) {
        CRC32C crc = new CRC32C();
        reader.read(files.path(file), 0, files.size(file), crc::update);
        if ((int) crc.getValue() != inventory.checksum(file)) {
            throw CopiedInventory.changed(files.path(file), "its contents have another CRC-32C than the copy wrote");
        }
    }
}
