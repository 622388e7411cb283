package dev.understudy.provision.copy;

import dev.understudy.engine.Progress;
import dev.understudy.engine.StepContext;
import dev.understudy.transfer.TargetContents;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.TargetInventory;
import dev.understudy.transfer.route.Sink;
import java.util.function.Predicate;

/** Reads files of the target again and compares the checksum of each with what the copy left. */
record ContentCheck(Sink sink, TargetInventory inventory, StepContext context) {
    /** Every byte of all of them. */
    void run() {
        compare(inventory);
    }

    /** Only the files whose path is wanted. */
    void run(Predicate<String> wanted) {
        TargetInventory some = new TargetInventory();
        FileTable files = inventory.files();
        for (int file = 0; file < files.count(); file++) {
            if (wanted.test(files.path(file))) {
                inventory.copyTo(some, file);
            }
        }
        compare(some);
    }

    private void compare(TargetInventory wanted) {
        long total = wanted.files().totalBytes();
        TargetContents.findChanged(sink, wanted, (done, path) -> {
                    context.checkAlive();
                    context.progress(new Progress(done, total, Progress.Unit.BYTES, path));
                })
                .ifPresent(path -> {
                    throw CopiedInventory.changed(path, "its contents have another checksum than the copy left");
                });
    }
}
