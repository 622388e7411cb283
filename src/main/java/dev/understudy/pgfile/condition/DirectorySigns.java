package dev.understudy.pgfile.condition;

import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.control.ControlFile;
import java.util.Optional;

/**
 * What lies in a data directory that tells what it is.
 *
 * @param control pg_control under its own name, its checksum right
 * @param pendingControl whether pg_control is there under the name that no server reads
 * @param label {@code backup_label}
 * @param oldLabel {@code backup_label.old}, which a server leaves that has recovered from a backup
 * @param signal whether {@code standby.signal}, {@code recovery.signal} or, up to 11, {@code recovery.conf} is there
 * @param server what {@code postmaster.pid} says
 */
public record DirectorySigns(
        Optional<ControlFile> control,
        boolean pendingControl,
        Optional<BackupLabel> label,
        Optional<BackupLabel> oldLabel,
        boolean signal,
        Server server) {
    /** What {@code postmaster.pid} says. */
    public enum Server {
        /** There is no such file. */
        NONE,
        /** It names a process that does not work in the directory. */
        STALE,
        /** A server works in the directory. */
        RUNNING
    }
}
