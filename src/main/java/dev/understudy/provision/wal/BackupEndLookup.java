package dev.understudy.provision.wal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.pgfile.wal.BackupEnd;
import dev.understudy.pgfile.wal.BackupEndSearch;
import dev.understudy.pgfile.wal.WalReader;
import dev.understudy.pgfile.wal.WalSource;
import dev.understudy.pgfile.wal.WalTimelines;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import dev.understudy.provision.site.PrimarySite;
import dev.understudy.provision.site.ServerPaths;
import dev.understudy.server.Session;
import java.util.Optional;

/**
 * Looks for a backup's BACKUP_END record. The stop location is the end of that record, so the segment before the stop
 * location is enough, and the one before it where the record begins there: a copy of days needs no days of reading.
 *
 * @param timeline of the backup
 * @param size of the cluster's segments
 */
public record BackupEndLookup(TimelineId timeline, WalSegmentSize size) {
    /** Record, alignment and a page header between: more than a BACKUP_END can take. */
    private static final int RECORD_ROOM = 128;

    /**
     * Reads the primary's WAL, through its host where there is one, else through SQL.
     *
     * @throws UnderstudyException {@link ErrorCode#BACKUP_END_MISSING} if there is no intact record for the start
     */
    public BackupEnd onPrimary(PrimarySite primary, Lsn start, Lsn stop) {
        try (Session session = primary.open()) {
            WalSource source = primary.host()
                    .<WalSource>map(host ->
                            new HostWalSource(host, ServerPaths.of(session).walDirectory()))
                    .orElseGet(() -> new SqlWalSource(session));
            return require(source, start, stop, "the primary's WAL directory");
        }
    }

    /** Looks in a directory of a host; empty where the segment is not there, as after a restore from an archive. */
    public Optional<BackupEnd> findIn(Host host, String directory, Lsn start, Lsn stop) {
        WalSegment segment = WalSegment.endingAt(timeline, stop, size);
        HostWalSource source = new HostWalSource(host, directory);
        return source.open(segment).isPresent()
                ? Optional.of(require(source, start, stop, directory))
                : Optional.empty();
    }

    private BackupEnd require(WalSource source, Lsn start, Lsn stop, String where) {
        Lsn from = searchStart(start, stop);
        try (WalReader reader = WalReader.open(source, WalTimelines.only(timeline), size)) {
            BackupEndSearch search = BackupEndSearch.run(reader, start, from, stop);
            return search.found()
                    .filter(end -> end.endLsn().equals(stop))
                    .orElseThrow(() -> UnderstudyException.of(
                                    ErrorCode.BACKUP_END_MISSING,
                                    "no intact BACKUP_END record for start %s before the stop location %s",
                                    start,
                                    stop)
                            .detail(
                                    "Read %s from %s to %s: %s. %d records of other backups were there.",
                                    where,
                                    from,
                                    search.end().lsn(),
                                    search.end().text(),
                                    search.foreign().size())
                            .build());
        }
    }

    private Lsn searchStart(Lsn start, Lsn stop) {
        Lsn segmentStart =
                WalSegment.containing(timeline, stop.plus(-RECORD_ROOM), size).start();
        return segmentStart.isBefore(start) ? start : segmentStart;
    }
}
