package dev.understudy.provision.copy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.host.HostFiles;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.TargetInventory;
import java.util.Set;

/**
 * The files that a run wrote into a clone: the few that decide as what its server starts. Its data files nobody copied, so
 * there is nothing to compare them with; the sealed pg_control and the replay from the backup's start answer for them.
 *
 * @param written what the run wrote
 * @param decisive names, relative to the data directory, of which none may be there that the run did not write
 */
record RenderedInventory(TargetSite target, TargetInventory written, Set<String> decisive) {
    private static final int LIMIT_BYTES = 4 << 20;

    Evidence verify(StepContext context) {
        FileTable files = written.files();
        HostFiles found = target.host().files();
        for (int file = 0; file < files.count(); file++) {
            String path = files.path(file);
            if (found.status(target.path(path)).isEmpty()) {
                throw CopiedInventory.changed(path, "it is missing");
            }
            byte[] contents = found.read(target.path(path), LIMIT_BYTES);
            if (!OwnChecksums.of(contents).equals(written.checksum(file))) {
                throw CopiedInventory.changed(path, "its contents have another checksum than the run left");
            }
        }
        for (String path : decisive) {
            if (files.find(path) < 0 && found.status(target.path(path)).isPresent()) {
                throw CopiedInventory.changed(path, "the run did not write it");
            }
        }
        return context.evidence(
                "the %d files that make the clone a standby were read again and are as the run wrote them; the clone's"
                                .formatted(files.count())
                        + " data files are not known one by one",
                target.display());
    }
}
