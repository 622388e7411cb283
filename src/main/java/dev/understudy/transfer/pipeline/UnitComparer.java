package dev.understudy.transfer.pipeline;

import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.route.SinkWriter;
import dev.understudy.transfer.route.SourceReader;
import dev.understudy.transfer.route.TargetReader;
import java.util.Optional;

/** Delta. */
final class UnitComparer {
    UnitComparer(
            CopyContext context,
            FileTable target,
            Optional<TargetReader> targetReader,
            SourceReader reader,
            SinkWriter writer) {}

    void process(CopyUnit unit, UnitCopier copier) {
        copier.copy(unit.pieces());
    }
}
