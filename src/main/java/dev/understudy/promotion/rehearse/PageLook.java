package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Progress;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.pgfile.directory.RelationFile;
import dev.understudy.pgfile.page.PageChecker;
import dev.understudy.pgfile.page.PageFailure;
import dev.understudy.provision.copy.SourceCluster;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.standby.TargetDirectory;
import dev.understudy.transfer.Routes;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.TargetReader;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;

/** Checks the checksum of every page of the copy, whose server is stopped, so that each is as it was written last. */
record PageLook(Site site, StepContext context) {
    private static final int CHUNK_BYTES = 8 << 20;

    /** Findings that name a page each; there may be a page's worth for each page. */
    private static final int MOST_FINDINGS = 20;

    List<Evidence> look(Protocol protocol) {
        ControlFile control = new TargetDirectory(site.target()).controlFile();
        if (control.sizes().dataChecksumVersion() != 1) {
            protocol.notExamined("pages by their checksums", "the cluster has no data checksums");
            return List.of();
        }
        TargetLayout layout = CopyLayout.of(SourceCluster.of(site.primary()), site.target());
        PageChecker checker = new PageChecker(control.sizes().blockSize());
        Counts counts = new Counts();
        try (Sink sink = Routes.sink(site.target().host(), layout, context::checkAlive);
                TargetReader reader = sink.reader()
                        .orElseThrow(
                                () -> UnderstudyException.of(ErrorCode.DEFECT, "cannot read the %s", sink.describe())
                                        .build())) {
            FileTable files = sink.list().files();
            for (int file = 0; file < files.count(); file++) {
                String path = files.path(file);
                Optional<RelationFile> relation =
                        CopyRules.hasPageChecksums(path) ? RelationFile.find(path) : Optional.empty();
                if (relation.isPresent()) {
                    int first = relation.get().firstBlock(control.sizes().relationSegmentBlocks());
                    check(
                            reader,
                            checker,
                            path,
                            files.size(file),
                            first,
                            control.sizes().blockSize(),
                            counts,
                            protocol);
                }
                counts.bytes += files.size(file);
                context.progress(new Progress(counts.bytes, files.totalBytes(), Progress.Unit.BYTES, path));
            }
        }
        return List.of(context.evidence(
                "%d pages read, the checksums of %s"
                        .formatted(counts.pages, counts.wrong == 0 ? "all are right" : counts.wrong + " are wrong"),
                site.target().display()));
    }

    private static final class Counts {
        private long bytes;
        private long pages;
        private long wrong;
    }

    private void check(
            TargetReader reader,
            PageChecker checker,
            String path,
            long size,
            int firstBlock,
            int pageBytes,
            Counts counts,
            Protocol protocol) {
        for (long offset = 0; offset < size; offset += CHUNK_BYTES) {
            context.checkAlive();
            byte[] bytes = read(reader, path, offset);
            int pages = bytes.length / pageBytes;
            counts.pages += pages;
            for (PageFailure failure : checker.check(bytes, 0, pages, firstBlock + (int) (offset / pageBytes))) {
                counts.wrong++;
                if (counts.wrong <= MOST_FINDINGS) {
                    protocol.found(new Finding(
                            "page-corrupt",
                            "page %d of \"%s\" does not match its checksum".formatted(failure.blockNumber(), path),
                            "computed %04X, found %04X, page LSN %s"
                                    .formatted(failure.computed(), failure.found(), failure.lsn())));
                }
            }
        }
    }

    private static byte[] read(TargetReader reader, String path, long offset) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(CHUNK_BYTES);
        reader.read(path, offset, CHUNK_BYTES, buffer -> {
            byte[] piece = new byte[buffer.remaining()];
            buffer.get(piece);
            bytes.writeBytes(piece);
        });
        return bytes.toByteArray();
    }
}
