package dev.understudy.provision.copy;

import dev.understudy.engine.Progress;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.provision.site.Site;
import dev.understudy.transfer.files.FileChecksum;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.TargetInventory;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.TargetReader;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Takes stock of a target that another program filled: every file is read once for its CRC-32C, which must be what
 * the primary said when it sent it.
 */
record InventoryScan(Site site, StepContext context, SentManifest manifest) {
    private static int crc(TargetReader reader, String path, long size) {
        CRC32C crc = new CRC32C();
        reader.read(path, 0, size, crc::update);
        return (int) crc.getValue();
    }

    void run() {
        TargetLayout layout = RecordedLayout.read(context.facts(), site.target().dataDirectory());
        TargetInventory inventory = new TargetInventory();
        try (Sink sink = new CopyEnds(site, context::checkAlive).sink(layout);
                TargetReader reader = sink.reader()
                        .orElseThrow(
                                () -> UnderstudyException.of(ErrorCode.DEFECT, "cannot read the %s", sink.describe())
                                        .build())) {
            FileTable files = sink.list().files();
            long done = 0;
            for (int file = 0; file < files.count(); file++) {
                String path = files.path(file);
                context.checkAlive();
                if (!path.equals(TargetLayout.PENDING_CONTROL_FILE) && !path.startsWith(layout.walName() + "/")) {
                    int crc = crc(reader, path, files.size(file));
                    manifest.require(path, files.size(file), crc);
                    inventory.add(
                            path,
                            files.size(file),
                            files.modifiedSeconds(file),
                            files.modifiedNanos(file),
                            FileChecksum.crc32c(crc));
                }
                done += files.size(file);
                context.progress(new Progress(done, files.totalBytes(), Progress.Unit.BYTES, path));
            }
            manifest.requireAll();
            CopiedInventory.of(context).save(OwnChecksums.hashed(inventory, sink));
        }
        context.publish(
                "copy",
                Map.of(
                        "via", "basebackup",
                        "files", inventory.files().count(),
                        "bytesTotal", inventory.files().totalBytes(),
                        "bytesTransferred", inventory.files().totalBytes()));
    }
}
