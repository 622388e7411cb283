package dev.understudy.provision.copy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Progress;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.pgfile.directory.RelationFile;
import dev.understudy.pgfile.page.PageChecker;
import dev.understudy.pgfile.page.PageFailure;
import dev.understudy.provision.site.Site;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.TargetReader;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Checks the checksum of every page of the running standby from outside. A page that fails may be one that the server is
 * writing at that moment, so it is read again until it is well or the patience is over.
 */
public record TargetPages(Site site, StepContext context) {
    private static final int CHUNK_BYTES = 8 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);

    /**
     * Checks them all; empty, and said, where the cluster has no checksums.
     *
     * @throws UnderstudyException {@link ErrorCode#PAGE_CORRUPT} naming file, block and relation
     */
    public Optional<Evidence> check() {
        SourceCluster cluster = SourceCluster.of(site.primary());
        if (!cluster.dataChecksums()) {
            context.warn("pages were not checked again: the cluster has no data checksums");
            return Optional.empty();
        }
        TargetLayout layout = RecordedLayout.read(context.facts(), site.target().dataDirectory());
        PageChecker checker = new PageChecker(cluster.pageBytes());
        long pages = 0;
        try (Sink sink = new CopyEnds(site, context::checkAlive).sink(layout);
                TargetReader reader = sink.reader()
                        .orElseThrow(
                                () -> UnderstudyException.of(ErrorCode.DEFECT, "cannot read the %s", sink.describe())
                                        .build())) {
            FileTable files = sink.list().files();
            long done = 0;
            for (int file = 0; file < files.count(); file++) {
                String path = files.path(file);
                Optional<RelationFile> relation =
                        CopyRules.hasPageChecksums(path) ? RelationFile.find(path) : Optional.empty();
                if (relation.isPresent()) {
                    int firstBlock = relation.get().firstBlock(cluster.segmentBlocks());
                    pages += checkFile(reader, checker, path, files.size(file), firstBlock, cluster.pageBytes());
                }
                done += files.size(file);
                context.progress(new Progress(done, files.totalBytes(), Progress.Unit.BYTES, path));
            }
        }
        return Optional.of(context.evidence(
                "%d pages read again, every checksum right".formatted(pages),
                site.target().display()));
    }

    private long checkFile(
            TargetReader reader, PageChecker checker, String path, long size, int firstBlock, int pageBytes) {
        long pages = 0;
        for (long offset = 0; offset < size; offset += CHUNK_BYTES) {
            context.checkAlive();
            byte[] bytes = read(reader, path, offset, CHUNK_BYTES);
            int count = bytes.length / pageBytes;
            int block = firstBlock + (int) (offset / pageBytes);
            for (PageFailure failure : checker.check(bytes, 0, count, block)) {
                long at = (failure.blockNumber() - firstBlock) * (long) pageBytes;
                recheck(reader, checker, path, at, failure.blockNumber(), pageBytes);
            }
            pages += count;
        }
        return pages;
    }

    private void recheck(TargetReader reader, PageChecker checker, String path, long offset, int block, int pageBytes) {
        try {
            context.await("a page of \"" + path + "\" to be written whole", PATIENCE, POLL, () -> {
                byte[] page = read(reader, path, offset, pageBytes);
                // A relation that was truncated or dropped meanwhile has no such page any more.
                return page.length < pageBytes
                        || checker.check(page, 0, 1, block).isEmpty();
            });
        } catch (UnderstudyException e) {
            if (e.code() != ErrorCode.WAIT_TIMED_OUT) {
                throw e;
            }
            List<PageFailure> failures = checker.check(read(reader, path, offset, pageBytes), 0, 1, block);
            throw UnderstudyException.of(
                            ErrorCode.PAGE_CORRUPT, "page %d of \"%s\" on the standby is corrupt", block, path)
                    .detail("%s", failures.isEmpty() ? "" : "Its checksum is wrong: " + failures.get(0) + ".")
                    .hint("Look at the standby's disk, and seed it anew.")
                    .cause(e)
                    .build();
        }
    }

    private static byte[] read(TargetReader reader, String path, long offset, int length) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(length);
        reader.read(path, offset, length, buffer -> {
            byte[] piece = new byte[buffer.remaining()];
            buffer.get(piece);
            bytes.writeBytes(piece);
        });
        return bytes.toByteArray();
    }
}
