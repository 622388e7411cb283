package dev.understudy.pgfile.wal;

import dev.understudy.postgres.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a search for a backup's end-of-backup record found.
 *
 * @param ours records that end the backup asked for; more than one if several backups share a start LSN
 * @param foreign records that end other backups
 * @param end where the search ended, and why
 */
public record BackupEndSearch(List<BackupEnd> ours, List<BackupEnd> foreign, WalEnd end) {
    public BackupEndSearch {
        ours = List.copyOf(ours);
        foreign = List.copyOf(foreign);
    }

    /**
     * Reads every record from {@code from} to {@code to}, checking each.
     *
     * @param reader a reader of the backup's WAL; closed by the caller
     * @param startLsn the backup's start LSN, which the record must carry
     * @param from where to begin, not necessarily a record's start; usually the start LSN
     * @param to records that end after it are not looked at; usually the stop LSN
     */
    public static BackupEndSearch run(WalReader reader, Lsn startLsn, Lsn from, Lsn to) {
        List<BackupEnd> ours = new ArrayList<>();
        List<BackupEnd> foreign = new ArrayList<>();
        reader.limitTo(to);
        reader.seekFirstFrom(from);
        while (reader.next()) {
            if (reader.resourceManager() == ResourceManager.XLOG) {
                BackupEnd.find(reader)
                        .ifPresent(found -> (found.startLsn().equals(startLsn) ? ours : foreign).add(found));
            }
        }
        return new BackupEndSearch(ours, foreign, reader.end());
    }

    /** The record that ends our backup; empty if there is none. */
    public Optional<BackupEnd> found() {
        return ours.stream().findFirst();
    }

    /** Whether every record up to the location asked for was read. */
    public boolean complete() {
        return end.reason() == WalEndReason.LIMIT;
    }
}
