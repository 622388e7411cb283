package dev.understudy.transfer;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Tablespace;
import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.files.TargetListing;
import dev.understudy.transfer.pipeline.CopyListener;
import dev.understudy.transfer.pipeline.Pipeline;
import dev.understudy.transfer.pipeline.PipelineSettings;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.Source;
import dev.understudy.transfer.route.SourceReader;

/**
 * Copies a data directory from a source to a sink while the primary writes, within a backup that was started before. Source
 * and sink stay open for {@link #copyControlFile}, which makes the copy complete.
 */
public final class DataDirectoryCopy {
    private DataDirectoryCopy() {}

    /**
     * Copies all but pg_control, and flushes it to disk.
     *
     * @throws UnderstudyException {@link ErrorCode#TARGET_NOT_EMPTY} before anything is written;
     *     {@link ErrorCode#PAGE_CORRUPT} for a damaged page of the source; whatever reading and writing may meet, naming
     *     file and side. What was written is left for a delta copy or for removal.
     */
    public static CopyReport run(CopyRequest request, Source source, Sink sink, CopyListener listener) {
        long started = System.nanoTime();
        SourceListing listing = source.list(request.rules(), request.liveness());
        listing.warnings().forEach(listener::warning);
        requireMapped(listing, sink);
        listener.listed(listing);
        TargetListing target = sink.list();
        keepBeforeChange(request, sink, target.files());
        new TargetCleaning(request, sink, target).prepare(listing);
        sink.makeRoots(listing);
        sink.makeDirectories(listing);
        PipelineSettings settings = new PipelineSettings(
                request.workers(),
                request.bytesPerSecond(),
                request.pages(),
                request.liveness(),
                request.form() == CopyRequest.Form.DELTA ? target.files() : new FileTable());
        Pipeline.Outcome outcome = new Pipeline(source, sink, listing, settings, listener).run();
        sink.flush();
        return new CopyReport(
                source.via(),
                request.workers(),
                outcome.files(),
                listing.files().totalBytes(),
                outcome.bytesTransferred(),
                outcome.pagesChecked(),
                0,
                outcome.pagesNotChecked(),
                (System.nanoTime() - started) / 1e9,
                listing.warnings(),
                outcome.inventory());
    }

    private static void keepBeforeChange(CopyRequest request, Sink sink, FileTable older) {
        request.aside()
                .ifPresent(aside -> sink.beforeChange(path -> {
                    if (older.find(path) >= 0) {
                        aside.keeper().accept(path);
                    }
                }));
    }

    private static void requireMapped(SourceListing listing, Sink sink) {
        for (Tablespace tablespace : listing.tablespaces()) {
            if (!sink.layout().tablespaces().containsKey(tablespace.oid())) {
                throw UnderstudyException.of(
                                ErrorCode.TABLESPACE_MAPPING_INVALID,
                                "no directory is given for tablespace %s at \"%s\"",
                                tablespace.oid(),
                                tablespace.location())
                        .hint("It may have been created after the copy was planned; plan again.")
                        .build();
            }
        }
    }

    /**
     * Copies pg_control last of all, under the name {@link TargetLayout#PENDING_CONTROL_FILE}, which no server starts from.
     *
     * @return its bytes, as written
     */
    public static byte[] copyControlFile(Source source, Sink sink, boolean groupAccess) {
        try (SourceReader reader = source.open()) {
            byte[] contents = ControlFileCopy.readStable(reader::readControlFile);
            sink.writeFlushed(TargetLayout.PENDING_CONTROL_FILE, contents, groupAccess ? 0640 : 0600);
            return contents;
        }
    }
}
