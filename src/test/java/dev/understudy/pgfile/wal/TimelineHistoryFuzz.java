package dev.understudy.pgfile.wal;

import dev.understudy.error.ErrorCode;
import dev.understudy.fuzz.Fuzz;
import dev.understudy.pgfile.Golden;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Timeline history files. */
public final class TimelineHistoryFuzz {
    private TimelineHistoryFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        Fuzz.reading(Set.of(ErrorCode.TIMELINE_HISTORY_INVALID), () -> {
            TimelineHistory history = TimelineHistory.parse(new TimelineId(9), bytes);
            history.timelines();
            history.timelineAt(Lsn.parse("0/3000000"));
        });
    }

    public static List<byte[]> seeds() {
        return Stream.concat(
                        Golden.all().map(golden -> golden.bytes("00000002.history")),
                        Stream.of("# no ancestors\n\n1\t0/3000000\tno recovery target specified\r\n2 0/5000000\n"
                                .getBytes(StandardCharsets.UTF_8)))
                .toList();
    }
}
