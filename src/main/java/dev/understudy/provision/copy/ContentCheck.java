package dev.understudy.provision.copy;

import dev.understudy.engine.Progress;
import dev.understudy.engine.StepContext;
import dev.understudy.transfer.TargetContents;
import dev.understudy.transfer.files.TargetInventory;
import dev.understudy.transfer.route.Sink;

/** Reads every byte of the target again and compares the checksum of each file with what the copy left. */
record ContentCheck(Sink sink, TargetInventory inventory, StepContext context) {
    void run() {
        long total = inventory.files().totalBytes();
        TargetContents.findChanged(sink, inventory, (done, path) -> {
                    context.checkAlive();
                    context.progress(new Progress(done, total, Progress.Unit.BYTES, path));
                })
                .ifPresent(path -> {
                    throw CopiedInventory.changed(path, "its contents have another checksum than the copy left");
                });
    }
}
