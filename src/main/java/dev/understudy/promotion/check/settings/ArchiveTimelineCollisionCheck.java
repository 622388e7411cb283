package dev.understudy.promotion.check.settings;

import dev.understudy.doctor.facts.ServerView;
import dev.understudy.promotion.archive.ArchivePlace;
import dev.understudy.promotion.archive.ArchivePlace.Kind;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.ArchiveFacts;
import dev.understudy.promotion.facts.ArchiveFacts.ArchiveDirectory;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.ReplicationFacts.WalReceiver;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A number for the new timeline that no other one in the archive has. A promotion takes the first number of which it sees
 * no history file; it sees those of the archive only through restore_command.
 *
 * <p>Source: {@code findNewestTimeLine} in {@code src/backend/access/transam/timeline.c}.
 */
public final class ArchiveTimelineCollisionCheck implements PromotionCheck {
    private static final String ID = "archive-timeline-collision";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.standby(),
                standby -> CheckResult.of(
                        ID,
                        facts.settings().archive(),
                        archive -> archive.place().kind() == Kind.DIRECTORY
                                ? CheckResult.of(
                                        ID, archive.directory(), directory -> judge(standby, archive, directory))
                                : CheckResult.skipped(
                                        ID,
                                        "timelines can be seen in a directory only; the standby archives with "
                                                + archive.place().describe())));
    }

    private static CheckResult judge(ServerView standby, ArchiveFacts archive, Optional<ArchiveDirectory> found) {
        if (found.isEmpty()) {
            return CheckResult.skipped(
                    ID, "there is no directory \"%s\"".formatted(archive.place().directory()));
        }
        ArchiveDirectory directory = found.get();
        boolean seen = seesArchive(archive);
        long current = timeline(standby);
        long next = current + 1;
        while (seen && directory.histories().contains(next)) {
            next++;
        }
        CheckResult.Builder result = CheckResult.builder(ID)
                .seen("timeline of the standby", Long.toString(current))
                .seen(
                        directory.path(),
                        "timelines with WAL or history: "
                                + Stream.concat(directory.histories().stream(), directory.timelines().stream())
                                        .distinct()
                                        .sorted()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(", ")))
                .seen("restore_command", archive.restore().describe());
        boolean taken =
                directory.histories().contains(next) || directory.timelines().contains(next);
        return taken
                ? result.fail(
                        "The promotion would make timeline %d, and the archive holds another timeline %d"
                                .formatted(next, next),
                        seen
                                ? "Move that timeline's files out of the archive, or archive to another place"
                                : "Set restore_command on the standby to read this archive, so that the promotion sees"
                                        + " its timelines, or archive to another place")
                : result.pass(
                        "The promotion would make timeline %d, of which the archive holds nothing".formatted(next));
    }

    private static boolean seesArchive(ArchiveFacts archive) {
        ArchivePlace restore = archive.restore();
        return restore.kind() == Kind.DIRECTORY
                && restore.directory().equals(archive.place().directory());
    }

    /** pg_control knows the timeline of the last restartpoint; the receiver may be further. */
    private static long timeline(ServerView standby) {
        long control = Integer.toUnsignedLong(standby.identity().timeline().number());
        return standby.receiver()
                .value()
                .flatMap(found -> found)
                .flatMap(WalReceiver::timeline)
                .map(timeline -> Math.max(control, Integer.toUnsignedLong(timeline.number())))
                .orElse(control);
    }
}
