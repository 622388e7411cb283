package dev.understudy.server.privileges;

/** Something that Understudy does on a server, as far as privileges go. */
public enum Operation {
    /** Reads settings, statistics and pg_control's contents. */
    INSPECT,
    /** Reads pg_hba_file_rules. */
    READ_HBA,
    /** Lists the WAL directory. */
    LIST_WAL,
    /** Creates, copies and drops a physical replication slot. */
    SLOT,
    /** Starts and stops a non-exclusive backup. */
    BACKUP,
    /** Copies the data directory over SQL. */
    SQL_COPY,
    /** Streams WAL over the replication protocol. */
    STREAM_WAL,
    /** Proves that a standby replays what the primary commits. */
    CANARY,
    /** Switches to a new WAL segment. */
    SWITCH_WAL,
    /** Writes a restore point. */
    RESTORE_POINT,
    /** Requests a checkpoint. */
    CHECKPOINT
}
