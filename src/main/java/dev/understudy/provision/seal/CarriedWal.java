package dev.understudy.provision.seal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileStatus;
import dev.understudy.host.HostFiles;
import dev.understudy.pgfile.wal.TimelineHistory;
import dev.understudy.pgfile.wal.WalIdentity;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.provision.wal.HostWalSource;

/**
 * The WAL that a clone brings along. Kept are the segments that the standby is going to replay and that hold what their
 * names say: of the backup's timeline, from the backup's first segment on; and the histories of timelines. Removed is what
 * is older, what was recycled for later use, what is of another timeline, half a segment, or a note for the archiver.
 */
final class CarriedWal {
    private final TargetSite target;
    private final CloneBackup backup;
    private final WalSegmentSize size;
    private int kept;
    private int removed;

    CarriedWal(TargetSite target, CloneBackup backup, WalSegmentSize size) {
        this.target = target;
        this.backup = backup;
        this.size = size;
    }

    /** Applies the rule to the clone's WAL directory, and says what came of it. */
    String sort(String walName) {
        HostFiles files = target.host().files();
        String directory = target.path(walName);
        HostWalSource source = new HostWalSource(target.host(), directory);
        for (FileStatus entry : files.list(directory)) {
            if (entry.isDirectory()) {
                continue;
            }
            if (isKept(entry, source)) {
                kept++;
            } else {
                files.delete(directory + "/" + entry.path());
                removed++;
            }
        }
        return "of the WAL in the clone kept %d files that the standby can replay from %s on, removed %d"
                .formatted(kept, backup.startLsn(), removed);
    }

    private boolean isKept(FileStatus entry, HostWalSource source) {
        if (!WalSegment.isName(entry.path())) {
            return TimelineHistory.timelineOf(entry.path())
                    .filter(timeline -> timeline.compareTo(backup.timeline()) <= 0)
                    .isPresent();
        }
        WalSegment segment = WalSegment.parse(entry.path(), size);
        WalSegment first = WalSegment.containing(backup.timeline(), backup.startLsn(), size);
        return segment.timeline().equals(backup.timeline())
                && Long.compareUnsigned(segment.number(), first.number()) >= 0
                && holdsItself(segment, source);
    }

    private boolean holdsItself(WalSegment segment, HostWalSource source) {
        try {
            return source.open(segment)
                    .flatMap(WalIdentity::read)
                    .filter(identity -> identity.start().equals(segment.start())
                            && identity.systemIdentifier().equals(backup.systemIdentifier())
                            && identity.segmentSize().equals(size))
                    .isPresent();
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.WAL_INVALID || e.code() == ErrorCode.FORMAT_VERSION_UNKNOWN) {
                return false;
            }
            throw e;
        }
    }
}
