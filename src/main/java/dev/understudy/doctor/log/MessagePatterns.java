package dev.understudy.doctor.log;

import static dev.understudy.postgres.ServerMajor.NEWEST;
import static dev.understudy.postgres.ServerMajor.OLDEST;
import static dev.understudy.postgres.ServerMajor.V10;
import static dev.understudy.postgres.ServerMajor.V11;
import static dev.understudy.postgres.ServerMajor.V12;
import static dev.understudy.postgres.ServerMajor.V13;
import static dev.understudy.postgres.ServerMajor.V14;
import static dev.understudy.postgres.ServerMajor.V15;
import static dev.understudy.postgres.ServerMajor.V17;
import static dev.understudy.postgres.ServerMajor.V18;

import dev.understudy.doctor.facts.LogFacts;
import dev.understudy.postgres.ServerMajor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The catalogue of messages, tried in order; the first that fits decides. Messages of the primary that a standby's log
 * repeats ({@code could not receive data from WAL stream: ERROR: …}) are found by their own words.
 *
 * <p>Source: {@code xlog.c}, {@code xlogrecovery.c} (15+), {@code xlogreader.c}, {@code timeline.c}, {@code
 * xlogarchive.c} in {@code src/backend/access/transam}; {@code walreceiver.c}, {@code walsender.c}, {@code slot.c} in
 * {@code src/backend/replication}; {@code auth.c}, {@code postinit.c}, {@code miscinit.c}, {@code pgarch.c}.
 */
public final class MessagePatterns {
    private static final List<MessagePattern> ALL = List.of(
            all(
                    LogFacts.START,
                    "^(?:starting PostgreSQL|database system was (?:shut down|interrupted)|entering standby mode$)"),
            all("shutdown", "^received (?:fast|smart|immediate) shutdown request"),
            all("ended", "^database system is shut down"),
            all("consistent", "^consistent recovery state reached at ([0-9A-F]+/[0-9A-F]+)"),
            all("ready", "^database system is ready to accept (?:read[- ]only )?connections"),
            all("streaming", "^started streaming WAL from primary at ([0-9A-F]+/[0-9A-F]+) on timeline (\\d+)"),
            all("redo-starts", "^redo starts at ([0-9A-F]+/[0-9A-F]+)"),
            from(V15, "waiting-for-wal", "^waiting for WAL to become available at ([0-9A-F]+/[0-9A-F]+)"),
            all("restored", "^restored log file \"([^\"]+)\" from archive"),
            all("not-shut-down", "^database system was not properly shut down; automatic recovery in progress"),
            // The end of a backup
            all("backup-aborted", "^aborting backup due to backend exiting"),
            all("backup-canceled", "^online backup (?:mode canceled|was canceled, recovery cannot continue)"),
            all("backup-end-missing", "^WAL ends before end of online backup"),
            all("consistency-missing", "^WAL ends before consistent recovery point"),
            all("label-inconsistent", "^backup_label contains data inconsistent with control file"),
            all(
                    "checkpoint-missing",
                    "^could not (?:locate (?:a valid|required) checkpoint record|find redo location)"),
            // WAL that cannot be had
            all("wal-segment-removed", "requested WAL segment ([0-9A-F]{24}) has already been removed"),
            all(
                    "ahead-of-flush",
                    "requested starting point ([0-9A-F]+/[0-9A-F]+)(?: on timeline \\d+)? is ahead of the WAL"
                            + " flush position"),
            // Slots
            all("slot-missing", "replication slot \"([^\"]+)\" does not exist"),
            all("slot-active", "replication slot \"([^\"]+)\" is (?:already )?active for PID (\\d+)"),
            between(
                    V13,
                    V18,
                    "slot-lost",
                    "(?:cannot read from replication slot|can no longer (?:get changes from|access|acquire) replication slot)"
                            + " \"([^\"]+)\""),
            from(V13, "slot-invalidated", "invalidating (?:obsolete replication )?slot \"([^\"]+)\""),
            from(
                    V18,
                    "slot-idle-timeout",
                    "slot's idle time of .* exceeds the configured \"idle_replication_slot_timeout\""),
            from(
                    V17,
                    "slot-blocks-logical",
                    "replication slot \"([^\"]+)\" specified in parameter \"(synchronized_standby_slots)\""),
            // Timelines
            all(
                    "timeline-forked-before",
                    "new timeline (\\d+) forked off current database system timeline (\\d+) before current recovery point"
                            + " ([0-9A-F]+/[0-9A-F]+)"),
            all(
                    "timeline-not-a-child",
                    "requested timeline (\\d+) is not a child of (?:this server's|database system)" + "(?: timeline)?"),
            all(
                    "timeline-lacks-minimum",
                    "requested timeline (\\d+) does not contain minimum recovery point"
                            + " ([0-9A-F]+/[0-9A-F]+) on timeline (\\d+)"),
            all("timeline-history-missing", "(?:requested|recovery target) timeline (\\d+) does not exist"),
            all(
                    "timeline-unknown",
                    "requested starting point ([0-9A-F]+/[0-9A-F]+) on timeline (\\d+) is not in this"
                            + " server's history"),
            all("timeline-behind", "highest timeline (\\d+) of the primary is behind recovery timeline (\\d+)"),
            all("timeline-file-missing", "could not open file \"(?:pg_wal|pg_xlog)/([0-9A-F]{8}\\.history)\""),
            // Identity
            all("system-identifier", "database system identifier differs between the primary and standby"),
            all("wal-foreign", "WAL file is from different database system"),
            all("major-mismatch", "(?:database files are incompatible with server|initialized by PostgreSQL version)"),
            // Connections to the primary, as the receiver logs them
            reply("no-such-role", "role \"([^\"]+)\" does not exist"),
            reply("login-denied", "role \"([^\"]+)\" is not permitted to log in"),
            all(
                    "not-replication",
                    "(?:must be superuser or replication role to start walsender|permission denied to"
                            + " start WAL sender)"),
            reply("password-wrong", "password authentication failed for user \"([^\"]+)\""),
            all("password-missing", "(?:fe_sendauth: )?no password supplied"),
            reply(
                    "hba-rejects",
                    "(?:no pg_hba\\.conf entry for|pg_hba\\.conf rejects) replication connection (?:from|for)"
                            + " host \"([^\"]+)\", user \"([^\"]+)\"(?:, (.*))?"),
            all(
                    "tls-mismatch",
                    "(?:server does not support SSL, but SSL was required|SSL error: |certificate verify"
                            + " failed|server certificate for|root certificate file \"[^\"]*\" does not exist"
                            + "|connection requires a valid client certificate|could not (?:open|read|load) (?:certificate|private key) file|certificate present, but not"
                            + " private key|private key file \"[^\"]*\" (?:has|must|is not))(.*)"),
            all("host-unresolved", "could not translate host name \"([^\"]+)\" to address"),
            all(
                    "conninfo-invalid",
                    "invalid connection option \"([^\"]+)\"|(?:missing \"=\" after \"([^\"]+)\" in"
                            + " connection info string)|(?:invalid connection string syntax)"),
            all("primary-refuses", "could not connect to the primary server: (.*)"),
            all("receiver-timeout", "terminating walreceiver due to timeout"),
            all("sender-timeout", "terminating walsender process due to replication timeout"),
            all("receiver-ended", "replication terminated by primary server"),
            all(
                    "receiver-cut",
                    "could not receive data from WAL stream: (?:server closed the connection unexpectedly|.*timed out)"),
            // Configuration
            from(
                    V14,
                    "parameters-insufficient",
                    "hot standby is not possible because of insufficient parameter settings"),
            all(
                    "parameters-too-low",
                    "(?:hot standby is not possible because (\\S+) = (\\d+) is a lower setting than on the"
                            + " (?:master|primary) server)(?: \\(its value was (\\d+)\\))?"),
            from(
                    V14,
                    "parameters-too-low",
                    "^(\\S+) = (\\d+) is a lower setting than on the primary server, where its value" + " was (\\d+)"),
            from(V12, "recovery-conf", "using recovery command file \"recovery.conf\" is not supported"),
            all("signal-without-command", "must specify restore_command when standby mode is not enabled"),
            all(
                    "recovery-target-paused",
                    "^(?:recovery stopping (?:before|after) (.*)|pausing at the end of recovery)"),
            from(V13, "recovery-target-missed", "recovery ended before configured recovery target was reached"),
            all("unrecognized-parameter", "unrecognized configuration parameter \"([^\"]+)\""),
            all("configuration-errors", "configuration file \"([^\"]+)\" contains errors"),
            all("library-missing", "could not (?:access|load) (?:file|library) \"([^\"]+)\""),
            // Start
            all(
                    "port-in-use",
                    "could not bind (?:IPv[46]|Unix)(?: address \"([^\"]+)\"| socket)?: (?:Address already in"
                            + " use|address already in use)"),
            all("pid-file", "lock file \"([^\"]+)\" already exists"),
            all(
                    "shared-memory",
                    "(?:pre-existing shared memory block \\(key (\\d+), ID (\\d+)\\) is still in use|could not"
                            + " (?:create|map) (?:anonymous )?shared memory)"),
            all(
                    "permissions",
                    "data directory \"([^\"]+)\" has (?:invalid permissions|wrong ownership|group or world"
                            + " access)"),
            all(
                    "permission-denied",
                    "could not (?:open|access|read|create|stat) (?:file|directory)(?: \"([^\"]+)\"):"
                            + " Permission denied"),
            all(
                    "tablespace",
                    "(?:could not open (?:tablespace )?directory|unexpected directory entry|could not create"
                            + " symbolic link) \"?(pg_tblspc/[^\"]*)\"?"),
            // Disks and bytes
            all("disk-full", "(?:could not (?:write|extend|create)[^:]*|.*): No space left on device"),
            all(
                    "control-file",
                    "(?:incorrect checksum in control file|could not (?:open|read) file"
                            + " \"[^\"]*global/pg_control\")"),
            all("page-corrupt", "invalid page in block (\\d+) of relation (\\S+)"),
            all("page-checksum", "page verification failed, calculated checksum (\\d+) but expected (\\d+)"),
            all("wal-invalid-pages", "WAL contains references to invalid pages"),
            all("wal-crc", "incorrect resource manager data checksum in record at ([0-9A-F]+/[0-9A-F]+)"),
            all("wal-prev", "record with incorrect prev-link ([0-9A-F]+/[0-9A-F]+) at ([0-9A-F]+/[0-9A-F]+)"),
            all("wal-magic", "invalid magic number ([0-9A-F]{4}) in (?:log|WAL) segment ([0-9A-F]{24})"),
            all("wal-page", "unexpected pageaddr ([0-9A-F]+/[0-9A-F]+) in (?:log|WAL) segment ([0-9A-F]{24})"),
            all("wal-contrecord", "there is no contrecord flag at ([0-9A-F]+/[0-9A-F]+)"),
            all("wal-length", "invalid record length at ([0-9A-F]+/[0-9A-F]+)"),
            // Archive
            all(
                    "archive-command-failed",
                    "(?:archive command failed with exit code (\\d+)|archive command was terminated"
                            + " by (?:signal|exception) (\\S+)|archiving (?:write-ahead|transaction) log file \"[^\"]+\" failed too"
                            + " many times)"),
            all(
                    "archive-wrong-size",
                    "archive file \"([^\"]+)\" has wrong size: (\\d+) (?:instead of|rather than) (\\d+)"),
            all("restore-failed", "could not restore file \"([^\"]+)\" from archive: (.*)"),
            // Queries
            all("query-conflict", "(?:canceling statement|terminating connection) due to conflict with recovery"),
            from(
                    V10,
                    "collation-mismatch",
                    "(?:collation|database) \"([^\"]+)\" has (?:a collation version mismatch|version"
                            + " mismatch|no actual collation version, but a version was recorded)"),
            from(
                    V11,
                    "shutdown-crash",
                    "(?:server process|startup process) \\(PID \\d+\\) was terminated by signal (\\d+)"),
            all("startup-exited", "startup process \\(PID \\d+\\) exited with exit code (\\d+)"),
            all(
                    "not-yet-open",
                    // All that SQLSTATE 57P03 stands for, or formats with and without it would not agree.
                    "^the database system is (?:starting up|not yet accepting connections|not accepting"
                            + " connections|shutting down|in recovery mode)"));

    /**
     * What a message means if all that is known of it is its SQLSTATE; only those that are as clear as words.
     *
     * <p>Source: {@code src/backend/utils/errcodes.txt}.
     */
    private static final Map<String, String> BY_STATE = Map.of(
            "53100", "disk-full",
            "57P03", "not-yet-open",
            "XX001", "page-corrupt",
            "40001", "query-conflict");

    private MessagePatterns() {}

    static List<MessagePattern> all() {
        return ALL;
    }

    static Optional<String> byState(String sqlState) {
        return Optional.ofNullable(BY_STATE.get(sqlState));
    }

    private static MessagePattern all(String id, String pattern) {
        return between(OLDEST, NEWEST, id, pattern);
    }

    /** What the primary answered the standby; the same words at a message's beginning went to a client of the standby's own. */
    private static MessagePattern reply(String id, String pattern) {
        return all(id, "(?<=:  )(?:" + pattern + ")");
    }

    private static MessagePattern from(ServerMajor since, String id, String pattern) {
        return between(since, NEWEST, id, pattern);
    }

    private static MessagePattern between(ServerMajor since, ServerMajor until, String id, String pattern) {
        return new MessagePattern(id, Pattern.compile(pattern), since, until);
    }
}
