package dev.understudy.doctor.remedy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.wal.BackupEnd;
import dev.understudy.pgfile.wal.BackupEndSearch;
import dev.understudy.pgfile.wal.WalReader;
import dev.understudy.pgfile.wal.WalTimelines;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.wal.SqlWalSource;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.facts.ServerIdentity;
import dev.understudy.server.wal.WalControl;

/** Finds the end of a backup in what a primary has written since a location. */
final class BackupEndAfter {
    private BackupEndAfter() {}

    static Lsn find(Session session, Lsn start, Lsn from) {
        ServerIdentity identity = new ServerFacts(session).identity();
        try (WalReader reader = WalReader.open(
                new SqlWalSource(session), WalTimelines.only(identity.timeline()), identity.walSegmentSize())) {
            return BackupEndSearch.run(reader, start, from, new WalControl(session).currentLsn())
                    .found()
                    .map(BackupEnd::endLsn)
                    .orElseThrow(() -> UnderstudyException.of(
                                    ErrorCode.BACKUP_END_MISSING,
                                    "no BACKUP_END record for start %s behind %s in the primary's WAL",
                                    start,
                                    from)
                            .build());
        }
    }
}
