package dev.understudy.cli.inspect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code inspect label}: where recovery from a base backup starts. */
@Command(name = "label", description = "Says what a backup_label holds.", mixinStandardHelpOptions = true)
final class InspectLabelCommand implements Callable<Integer> {
    /** A label has at most a kilobyte of its own text. */
    private static final int LONGEST_BYTES = 1 << 20;

    @Mixin
    private InspectOutput output = new InspectOutput();

    @Parameters(
            index = "0",
            paramLabel = "PATH",
            description = "backup_label, or a data directory (its backup_label, else its backup_label.old).")
    private @Nullable Path path;

    @Override
    public Integer call() {
        Path file = fileOf(Objects.requireNonNull(path));
        BackupLabel label = BackupLabel.parse(InspectOutput.bytesOf(file, LONGEST_BYTES));
        if (output.isJson()) {
            output.print(json(label));
        } else {
            print(label);
        }
        return InspectOutput.OK;
    }

    private static Path fileOf(Path path) {
        if (!Files.isDirectory(path)) {
            return path;
        }
        Path label = path.resolve(BackupLabel.FILE_NAME);
        return Files.exists(label) ? label : path.resolve(BackupLabel.OLD_FILE_NAME);
    }

    private static String source(BackupLabel label) {
        return label.isFromStandby() ? "standby" : "primary";
    }

    private static ObjectNode json(BackupLabel label) {
        ObjectNode node = InspectOutput.object();
        node.put("startLsn", label.startLsn().toString());
        node.put("startSegment", label.startSegmentName());
        node.put("checkpointLsn", label.checkpointLsn().toString());
        node.put("startTimeline", Integer.toUnsignedLong(label.startTimeline().number()));
        node.put("method", label.method());
        node.put("from", source(label));
        node.put("startTime", label.startTime());
        node.put("label", label.label());
        label.incrementalFromLsn().map(Lsn::toString).ifPresent(lsn -> node.put("incrementalFromLsn", lsn));
        label.incrementalFromTimeline()
                .map(TimelineId::number)
                .ifPresent(number -> node.put("incrementalFromTimeline", Integer.toUnsignedLong(number)));
        return node;
    }

    private void print(BackupLabel label) {
        output.print("Start location", label.startLsn());
        output.print("Start WAL file", label.startSegmentName());
        output.print("Checkpoint location", label.checkpointLsn());
        output.print("Start timeline", label.startTimeline());
        output.print("Backup method", label.method());
        output.print("Backup from", source(label));
        output.print("Start time", label.startTime());
        output.print("Label", label.label());
        label.incrementalFromLsn().ifPresent(lsn -> output.print("Incremental from location", lsn));
        label.incrementalFromTimeline().ifPresent(timeline -> output.print("Incremental from timeline", timeline));
        output.out().flush();
    }
}
