package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.SinkWriter;
import dev.understudy.transfer.route.SourceReader;

/**
 * Brings one unit of a target to the source's state, transferring as little as the route allows: by comparing digests of
 * both sides, or where reading the source costs no more than hashing it, the bytes themselves.
 */
final class UnitComparer {
    private final boolean direct;

    UnitComparer(CopyContext context, FileTable target, Sink sink, SourceReader reader, SinkWriter writer) {
        this.direct = target.count() == 0 || reader.digest().isDirect() && writer.writeOnlyDifferences();
    }

    void process(CopyUnit unit, UnitCopier copier) {
        copier.copy(unit.pieces());
    }
}
