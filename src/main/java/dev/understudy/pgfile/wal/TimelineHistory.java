package dev.understudy.pgfile.wal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A timeline and the timelines it came from, as its {@code .history} file tells. Timeline 1 has no file: it came from
 * none.
 *
 * <p>Source: {@code src/backend/access/transam/timeline.c}.
 *
 * @param timeline the timeline the file is named after
 * @param ancestors the timelines before it, oldest first
 */
public record TimelineHistory(TimelineId timeline, List<Ancestor> ancestors) {
    private static final Pattern FILE_NAME = Pattern.compile("([0-9A-F]{8})\\.history");
    private static final Pattern LINE =
            Pattern.compile("\\s*(\\d{1,10})\\s+([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})(?:\\s+(.*))?");

    /**
     * One line of the file.
     *
     * @param timeline an ancestor
     * @param switchLsn where its descendant left it; what lies behind is not part of this history
     * @param reason why, in the server's words
     */
    public record Ancestor(TimelineId timeline, Lsn switchLsn, String reason) {}

    public TimelineHistory {
        ancestors = List.copyOf(ancestors);
    }

    /** The history of a timeline without a file: timeline 1, or one whose file is not at hand. */
    public static TimelineHistory without(TimelineId timeline) {
        return new TimelineHistory(timeline, List.of());
    }

    /** Name of the file that holds a timeline's history. */
    public static String fileName(TimelineId timeline) {
        return "%08X.history".formatted(timeline.number());
    }

    /** The timeline that a history file of this name belongs to; empty if it is not such a name. */
    public static Optional<TimelineId> timelineOf(String fileName) {
        Matcher matcher = FILE_NAME.matcher(fileName);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int number = Integer.parseUnsignedInt(matcher.group(1), 16);
        return number == 0 ? Optional.empty() : Optional.of(new TimelineId(number));
    }

    /**
     * Reads a history file.
     *
     * @param timeline the timeline the file is named after
     * @throws UnderstudyException {@link ErrorCode#TIMELINE_HISTORY_INVALID}
     */
    public static TimelineHistory parse(TimelineId timeline, byte[] file) {
        List<Ancestor> ancestors = new ArrayList<>();
        int number = 0;
        for (String line : new String(file, StandardCharsets.UTF_8).split("\r?\n")) {
            number++;
            if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
                ancestors.add(ancestor(line, number));
            }
        }
        TimelineHistory history = new TimelineHistory(timeline, ancestors);
        history.requireRising();
        return history;
    }

    private static Ancestor ancestor(String line, int number) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
            try {
                TimelineId timeline = new TimelineId(Integer.parseUnsignedInt(matcher.group(1)));
                String reason = Optional.ofNullable(matcher.group(3)).orElse("");
                return new Ancestor(timeline, Lsn.parse(matcher.group(2)), reason);
            } catch (NumberFormatException | UnderstudyException e) {
                throw invalid("line %d is not a timeline, an LSN and a reason: \"%s\"".formatted(number, line));
            }
        }
        throw invalid("line %d is not a timeline, an LSN and a reason: \"%s\"".formatted(number, line));
    }

    private void requireRising() {
        for (int i = 0; i < ancestors.size(); i++) {
            TimelineId next = i + 1 < ancestors.size() ? ancestors.get(i + 1).timeline() : timeline;
            if (ancestors.get(i).timeline().compareTo(next) >= 0) {
                throw invalid("timeline %s comes before timeline %s"
                        .formatted(ancestors.get(i).timeline(), next));
            }
        }
    }

    private static UnderstudyException invalid(String problem) {
        return UnderstudyException.of(ErrorCode.TIMELINE_HISTORY_INVALID, "timeline history: %s", problem)
                .build();
    }

    /** Whether this timeline is the one asked for or came from it. */
    public boolean descendsFrom(TimelineId other) {
        return timeline.equals(other)
                || ancestors.stream().anyMatch(ancestor -> ancestor.timeline().equals(other));
    }

    /** Where this history left an ancestor; empty for the timeline itself and for one it did not come from. */
    public Optional<Lsn> switchLsnOf(TimelineId other) {
        return ancestors.stream()
                .filter(ancestor -> ancestor.timeline().equals(other))
                .map(Ancestor::switchLsn)
                .findFirst();
    }

    /** The timeline that the WAL at a location belongs to; a switch location belongs to the newer timeline. */
    public TimelineId timelineAt(Lsn lsn) {
        return ancestors.stream()
                .filter(ancestor -> lsn.isBefore(ancestor.switchLsn()))
                .map(Ancestor::timeline)
                .findFirst()
                .orElse(timeline);
    }

    /**
     * Whether replay that came to a location of a timeline can go on to this one: it descends from it and left it no
     * earlier.
     */
    public boolean continuesFrom(TimelineId other, Lsn lsn) {
        return timeline.equals(other)
                || switchLsnOf(other).map(switchLsn -> switchLsn.isAtLeast(lsn)).orElse(false);
    }

    /** The timelines to take WAL segments from. */
    public WalTimelines timelines() {
        List<WalTimelines.Branch> branches = new ArrayList<>();
        branches.add(new WalTimelines.Branch(timeline, beginOf(ancestors.size())));
        for (int i = ancestors.size() - 1; i >= 0; i--) {
            branches.add(new WalTimelines.Branch(ancestors.get(i).timeline(), beginOf(i)));
        }
        return new WalTimelines(branches);
    }

    private Lsn beginOf(int index) {
        return index == 0 ? Lsn.INVALID : ancestors.get(index - 1).switchLsn();
    }
}
