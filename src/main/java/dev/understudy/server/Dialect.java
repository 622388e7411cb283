package dev.understudy.server;

import static dev.understudy.postgres.ServerMajor.V10;
import static dev.understudy.postgres.ServerMajor.V11;
import static dev.understudy.postgres.ServerMajor.V12;
import static dev.understudy.postgres.ServerMajor.V14;
import static dev.understudy.postgres.ServerMajor.V15;
import static dev.understudy.postgres.ServerMajor.V17;
import static dev.understudy.postgres.ServerMajor.V9_6;

import dev.understudy.postgres.ServerMajor;
import java.util.List;
import java.util.Optional;

/**
 * What is said differently to different majors. Each row lists the wordings with the first major that takes each; an
 * empty wording says that the thing is gone, and before the first one it did not exist.
 */
public enum Dialect {
    /** Parameters: label, fast. Always non-exclusive. */
    START_BACKUP(from(V9_6, "pg_start_backup(?, ?, false)"), from(V15, "pg_backup_start(?, ?)")),

    /** Rows of lsn, labelfile, spcmapfile; the parameter, where there is one, says whether to wait for the archiver. */
    STOP_BACKUP(
            from(V9_6, "pg_stop_backup(false)"), from(V10, "pg_stop_backup(false, ?)"), from(V15, "pg_backup_stop(?)")),

    /** Whether somebody holds an exclusive backup open. */
    IS_IN_EXCLUSIVE_BACKUP(from(V9_6, "pg_is_in_backup()"), from(V15, "")),

    /** Ends the exclusive backup; gives the end of its record, and waits for the archiver. */
    STOP_EXCLUSIVE_BACKUP(from(V9_6, "pg_stop_backup()"), from(V15, "")),

    CURRENT_LSN(from(V9_6, "pg_current_xlog_location()"), from(V10, "pg_current_wal_lsn()")),
    INSERT_LSN(from(V9_6, "pg_current_xlog_insert_location()"), from(V10, "pg_current_wal_insert_lsn()")),
    RECEIVE_LSN(from(V9_6, "pg_last_xlog_receive_location()"), from(V10, "pg_last_wal_receive_lsn()")),
    REPLAY_LSN(from(V9_6, "pg_last_xlog_replay_location()"), from(V10, "pg_last_wal_replay_lsn()")),
    SWITCH_WAL(from(V9_6, "pg_switch_xlog()"), from(V10, "pg_switch_wal()")),
    IS_REPLAY_PAUSED(from(V9_6, "pg_is_xlog_replay_paused()"), from(V10, "pg_is_wal_replay_paused()")),

    /** Parameter: name. */
    CREATE_SLOT(
            from(V9_6, "pg_create_physical_replication_slot(?, true)"),
            from(V10, "pg_create_physical_replication_slot(?, true, false)")),

    /**
     * Parameters: name, LSN. One statement, so that no client that dies in between leaves the one done without the other.
     */
    CREATE_SLOT_AT(from(
            V11,
            "pg_create_physical_replication_slot(?, true, false) s,"
                    + " LATERAL pg_replication_slot_advance(s.slot_name, ?::text::pg_lsn) a")),

    /** The end of WAL that is flushed, or on a standby replayed. */
    SAFE_END_LSN(from(
            V10, "CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END")),

    /** Parameters: existing name, new name. */
    COPY_SLOT(from(V12, "pg_copy_physical_replication_slot(?, ?)")),

    /** Parameter: location. Gives the name of a segment of the timeline that a primary writes. */
    WAL_FILE_NAME(from(V9_6, "pg_xlogfile_name"), from(V10, "pg_walfile_name")),

    /** Rows of name, size, modification. */
    LIST_WAL(
            from(
                    V9_6,
                    "(SELECT f AS name, s.size, s.modification FROM pg_ls_dir('pg_xlog') f,"
                            + " LATERAL pg_stat_file('pg_xlog/' || f, true) s WHERE NOT s.isdir) w"),
            from(V10, "pg_ls_waldir() w")),

    /** Digest of a bytea expression, as bytea: MD5 before 11, then SHA-256. */
    DIGEST(from(V9_6, "decode(md5(%s), 'hex')"), from(V11, "sha256(%s)")),

    /** Settings that could end a session or make it wait, and their harmless values, as arguments of set_config. */
    SAFE_SETTINGS(
            from(V9_6, Settings.V9_6_ON),
            from(V11, Settings.V9_6_ON + ";jit=off"),
            from(V14, Settings.V9_6_ON + ";jit=off;idle_session_timeout=0"),
            from(V17, Settings.V9_6_ON + ";jit=off;idle_session_timeout=0;transaction_timeout=0"));

    private record Wording(ServerMajor since, String text) {}

    /** A holder, since an enum's constants cannot refer to its own static fields. */
    private static final class Settings {
        static final String V9_6_ON = "search_path=pg_catalog, pg_temp"
                + ";statement_timeout=0"
                + ";lock_timeout=0"
                + ";idle_in_transaction_session_timeout=0"
                + ";client_min_messages=notice"
                + ";default_transaction_read_only=off"
                + ";default_transaction_deferrable=off"
                + ";default_transaction_isolation=read committed"
                + ";standard_conforming_strings=on"
                + ";synchronous_commit=local"
                + ";max_parallel_workers_per_gather=0"
                + ";tcp_keepalives_idle=10"
                + ";tcp_keepalives_interval=5"
                + ";tcp_keepalives_count=3";
    }

    private final List<Wording> wordings;

    Dialect(Wording... wordings) {
        this.wordings = List.of(wordings);
    }

    private static Wording from(ServerMajor since, String text) {
        return new Wording(since, text);
    }

    /** The wording for a major; empty if it does not have the thing. */
    public Optional<String> find(ServerMajor major) {
        return wordings.stream()
                .filter(wording -> major.isAtLeast(wording.since()))
                .reduce((earlier, later) -> later)
                .map(Wording::text)
                .filter(text -> !text.isEmpty());
    }

    /** The wording for a major that is known to have the thing. */
    public String on(ServerMajor major) {
        return find(major).orElseThrow(() -> new IllegalStateException(this + " does not exist in " + major));
    }
}
