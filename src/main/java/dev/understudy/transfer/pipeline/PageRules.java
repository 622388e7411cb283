package dev.understudy.transfer.pipeline;

import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.pgfile.directory.RelationFile;
import dev.understudy.postgres.Lsn;
import java.util.OptionalInt;

/**
 * How a copy judges pages.
 *
 * @param enabled whether the cluster has page checksums that hold for every page
 * @param pageBytes the cluster's block size
 * @param segmentBlocks pages in one file of a large relation, from pg_control
 * @param backupStart start of the backup: a page changed after it is written anew by replay and not judged
 */
public record PageRules(boolean enabled, int pageBytes, int segmentBlocks, Lsn backupStart) {
    /** The rules of a cluster without page checksums. */
    public static final PageRules NONE = new PageRules(false, 8192, 131072, Lsn.INVALID);

    /** Pages of the usual sizes: 8 kB blocks, files of 1 GB. */
    public static PageRules of(Lsn backupStart) {
        return new PageRules(true, 8192, 131072, backupStart);
    }

    /** The block number of the file's first page if its pages carry checksums; empty otherwise. */
    OptionalInt firstBlock(String path) {
        if (!enabled || !CopyRules.hasPageChecksums(path)) {
            return OptionalInt.empty();
        }
        return RelationFile.find(path)
                .map(relation -> OptionalInt.of(relation.firstBlock(segmentBlocks)))
                .orElse(OptionalInt.empty());
    }

    /** What relation a file belongs to, in words. */
    String describe(String path) {
        return RelationFile.find(path)
                .map(file -> "relation file node %s of database %s, %s fork"
                        .formatted(
                                file.fileNode(),
                                file.database(),
                                file.fork().name().toLowerCase(java.util.Locale.ROOT)))
                .orElse("no relation that is known");
    }
}
