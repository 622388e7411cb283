package dev.understudy.pgfile.backup;

import dev.understudy.error.ErrorCode;
import dev.understudy.fuzz.Fuzz;
import dev.understudy.pgfile.Golden;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** backup_label. */
public final class BackupLabelFuzz {
    private BackupLabelFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        Fuzz.reading(Set.of(ErrorCode.BACKUP_LABEL_INVALID), () -> {
            BackupLabel label = BackupLabel.parse(bytes);
            label.startTimeline();
            label.incrementalFromTimeline();
            label.label();
        });
    }

    public static List<byte[]> seeds() {
        return Stream.concat(
                        Golden.all().map(golden -> golden.bytes("backup_label")),
                        Stream.of("INCREMENTAL FROM LSN: 0/2000028\nINCREMENTAL FROM TLI: 1\n"
                                .getBytes(StandardCharsets.UTF_8)))
                .toList();
    }
}
