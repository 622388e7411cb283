package dev.understudy.provision.bundle;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.wal.BackupEnd;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.site.PrimarySite;
import dev.understudy.provision.wal.BackupEndLookup;
import dev.understudy.server.facts.ServerIdentity;
import java.util.Optional;

/** Looks for the backup's end in the WAL bytes, as far as the role may read them. */
final class BackupEndEvidence {
    private BackupEndEvidence() {}

    /** @throws UnderstudyException {@link ErrorCode#BACKUP_END_MISSING} if the WAL can be read and does not have it */
    static String find(Conninfo primary, BackupLabel label, Lsn stopLsn, ServerIdentity identity) {
        if (label.isFromStandby()) {
            return "the source is a standby, which writes no BACKUP_END: consistency rests on the minimum recovery point "
                    + stopLsn;
        }
        try {
            BackupEnd end = new BackupEndLookup(label.startTimeline(), identity.walSegmentSize())
                    .onPrimary(new PrimarySite(primary, Optional.empty()), label.startLsn(), stopLsn);
            return "BACKUP_END for start %s at %s in WAL segment %s, CRC right"
                    .formatted(label.startLsn(), end.lsn(), end.segment().name());
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.PRIVILEGE_MISSING) {
                return "the role may not read WAL: that BACKUP_END is there was not seen";
            }
            throw e;
        }
    }
}
