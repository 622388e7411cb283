package dev.understudy.cli.inspect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.wal.TimelineHistory;
import dev.understudy.postgres.TimelineId;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code inspect history}: the timelines a timeline came from. */
@Command(name = "history", description = "Says what a timeline history file holds.", mixinStandardHelpOptions = true)
final class InspectHistoryCommand implements Callable<Integer> {
    /** Room for a hundred thousand timelines. */
    private static final int LONGEST_BYTES = 16 << 20;

    @Mixin
    private InspectOutput output = new InspectOutput();

    @Parameters(index = "0", paramLabel = "PATH", description = "A history file, such as 00000002.history.")
    private @Nullable Path path;

    @Override
    public Integer call() {
        Path file = Objects.requireNonNull(path);
        TimelineId timeline = TimelineHistory.timelineOf(String.valueOf(file.getFileName()))
                .orElseThrow(() -> UnderstudyException.of(
                                ErrorCode.TIMELINE_HISTORY_INVALID, "\"%s\" is not named like a history file", file)
                        .hint("Its name is the timeline in 8 hexadecimal digits and .history: 00000002.history.")
                        .build());
        TimelineHistory history = TimelineHistory.parse(timeline, InspectOutput.bytesOf(file, LONGEST_BYTES));
        if (output.isJson()) {
            output.print(json(history));
        } else {
            print(history);
        }
        return InspectOutput.OK;
    }

    private static ObjectNode json(TimelineHistory history) {
        ObjectNode node = InspectOutput.object();
        node.put("timeline", Integer.toUnsignedLong(history.timeline().number()));
        ArrayNode ancestors = node.putArray("ancestors");
        for (TimelineHistory.Ancestor ancestor : history.ancestors()) {
            ancestors
                    .addObject()
                    .put("timeline", Integer.toUnsignedLong(ancestor.timeline().number()))
                    .put("switchLsn", ancestor.switchLsn().toString())
                    .put("reason", ancestor.reason());
        }
        return node;
    }

    private void print(TimelineHistory history) {
        output.print("Timeline", history.timeline());
        for (TimelineHistory.Ancestor ancestor : history.ancestors()) {
            output.print(
                    "From timeline " + ancestor.timeline(),
                    "at %s, %s".formatted(ancestor.switchLsn(), ancestor.reason()));
        }
        output.out().flush();
    }
}
