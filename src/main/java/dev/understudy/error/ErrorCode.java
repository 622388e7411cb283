package dev.understudy.error;

/**
 * The catalogue of errors. A number never changes its meaning and is never used again; each code has a section in
 * {@code src/site/markdown/errors.md}. Numbers go by room: 1xxx words and usage, 2xxx formats, 3xxx server, 4xxx host,
 * 5xxx transfer, 6xxx plan, 7xxx engine, 8xxx provisioning, 9xxx defects.
 */
public enum ErrorCode {
    // 1xxx: words and usage
    LSN_INVALID(1001, Category.USAGE),
    SEGMENT_NAME_INVALID(1002, Category.USAGE),
    CONNINFO_INVALID(1003, Category.USAGE),
    VALUE_INVALID(1004, Category.USAGE),

    // 11xx: the front door
    DEMO_BINARIES_UNAVAILABLE(1101, Category.REFUSED),
    DEMO_FAILED(1102, Category.FAILED),
    DEMO_LEFT(1103, Category.LEFT),
    OUTPUT_FAILED(1104, Category.FAILED),

    // 2xxx: formats
    CONTROL_FILE_TRUNCATED(2001, Category.FINDINGS),
    FORMAT_VERSION_UNKNOWN(2002, Category.FINDINGS),
    CONTROL_FILE_CRC_WRONG(2003, Category.FINDINGS),
    CONTROL_FILE_INVALID(2004, Category.FINDINGS),
    FILE_UNREADABLE(2005, Category.FINDINGS),
    WAL_INVALID(2006, Category.FINDINGS),
    BACKUP_LABEL_INVALID(2007, Category.FINDINGS),
    TABLESPACE_MAP_INVALID(2008, Category.FINDINGS),
    TIMELINE_HISTORY_INVALID(2009, Category.FINDINGS),
    MANIFEST_INVALID(2010, Category.FINDINGS),
    MANIFEST_CHECKSUM_WRONG(2011, Category.FINDINGS),
    PATH_INVALID(2012, Category.FINDINGS),

    // 3xxx: server
    CONNECTION_FAILED(3001, Category.REFUSED),
    HOST_NOT_RESOLVED(3002, Category.REFUSED),
    SERVER_UNREACHABLE(3003, Category.REFUSED),
    ROLE_MISSING(3004, Category.REFUSED),
    PASSWORD_MISSING(3005, Category.REFUSED),
    PASSWORD_WRONG(3006, Category.REFUSED),
    HBA_REJECTS(3007, Category.REFUSED),
    TLS_MISMATCH(3008, Category.REFUSED),
    DATABASE_MISSING(3009, Category.REFUSED),
    SERVER_STARTING(3010, Category.REFUSED),
    SERVER_SHUTTING_DOWN(3011, Category.REFUSED),
    TOO_MANY_CONNECTIONS(3012, Category.REFUSED),
    PEER_REJECTED(3013, Category.REFUSED),
    ROLE_NOT_REPLICATION(3014, Category.REFUSED),
    SERVICE_NOT_FOUND(3015, Category.USAGE),
    CONNINFO_UNSUPPORTED(3016, Category.USAGE),
    SESSION_ATTRIBUTES_UNMET(3017, Category.REFUSED),
    VERSION_UNSUPPORTED(3018, Category.REFUSED),
    POOLER_IN_THE_WAY(3019, Category.REFUSED),
    SESSION_LOST(3020, Category.FAILED),
    QUERY_FAILED(3021, Category.FAILED),
    QUERY_TIMED_OUT(3022, Category.FAILED),
    PRIVILEGE_MISSING(3023, Category.REFUSED),
    BACKUP_SESSION_LOST(3101, Category.FAILED),
    BACKUP_NOT_STARTED(3102, Category.FAILED),
    BACKUP_NOT_STOPPED(3103, Category.FAILED),
    BACKUP_TIMED_OUT(3104, Category.FAILED),
    BACKUP_CANCELLED(3105, Category.FAILED),
    BACKUP_ABORTED(3106, Category.FAILED),
    SLOT_EXISTS(3201, Category.REFUSED),
    SLOT_MISSING(3202, Category.REFUSED),
    SLOT_ACTIVE(3203, Category.REFUSED),
    SLOTS_EXHAUSTED(3204, Category.REFUSED),
    FILE_NAME_UNUSABLE(3301, Category.REFUSED),
    REPLICATION_FAILED(3401, Category.FAILED),
    WAL_REMOVED(3402, Category.FAILED),
    TIMELINE_UNKNOWN(3403, Category.FAILED),
    INDEX_CORRUPT(3501, Category.FAILED),

    // 4xxx: host
    COMMAND_FAILED(4001, Category.FAILED),
    COMMAND_TIMED_OUT(4002, Category.FAILED),
    HOST_UNREACHABLE(4003, Category.FAILED),
    ACCOUNT_UNAVAILABLE(4004, Category.REFUSED),
    FILE_MISSING(4005, Category.FAILED),
    FILE_FORBIDDEN(4006, Category.FAILED),
    FILE_SYSTEM_FULL(4007, Category.FAILED),
    FILE_SYSTEM_READ_ONLY(4008, Category.FAILED),
    FILE_IO(4009, Category.FAILED),
    FILE_EXISTS(4010, Category.FAILED),
    FILE_NAME_UNREADABLE(4011, Category.FAILED),
    COMMAND_INTERRUPTED(4012, Category.FAILED),
    COMMAND_OUTPUT_TOO_LARGE(4013, Category.FAILED),
    HOST_ADDRESS_INVALID(4014, Category.USAGE),
    SSH_HOST_KEY_UNKNOWN(4015, Category.REFUSED),
    SSH_HOST_KEY_CHANGED(4016, Category.REFUSED),
    SSH_AUTHENTICATION_FAILED(4017, Category.REFUSED),
    SSH_CONFIGURATION_INVALID(4018, Category.USAGE),
    SSH_SHELL_UNUSABLE(4019, Category.REFUSED),

    // 5xxx: transfer
    PAGE_CORRUPT(5001, Category.FAILED),
    TARGET_NOT_EMPTY(5002, Category.REFUSED),
    TARGET_UNSAFE(5003, Category.FAILED),
    SOURCE_NAME_UNSAFE(5004, Category.FAILED),
    SOURCE_UNREADABLE(5005, Category.FAILED),
    INVENTORY_INVALID(5006, Category.FAILED),
    TABLESPACE_MAPPING_INVALID(5007, Category.REFUSED),

    // 6xxx: plan
    PLAYBOOK_INVALID(6001, Category.USAGE),
    PLAYBOOK_UNKNOWN(6002, Category.USAGE),
    PARAMETER_INVALID(6003, Category.USAGE),

    // 7xxx: engine
    RUN_ALIVE(7001, Category.REFUSED),
    RUN_UNKNOWN(7002, Category.USAGE),
    RUN_FINISHED(7003, Category.REFUSED),
    RUN_PLAN_CHANGED(7004, Category.REFUSED),
    RUN_INTERRUPTED(7005, Category.FAILED),
    WAIT_TIMED_OUT(7006, Category.FAILED),
    JOURNAL_DAMAGED(7007, Category.REFUSED),
    JOURNAL_UNWRITABLE(7008, Category.FAILED),
    STATE_DIRECTORY_UNUSABLE(7009, Category.REFUSED),
    UNDO_INCOMPLETE(7010, Category.LEFT),
    BRACKET_LOST(7011, Category.FAILED),

    // 8xxx: provisioning
    PREFLIGHT_FAILED(8001, Category.REFUSED),
    SERVER_PROGRAMS_MISSING(8002, Category.REFUSED),
    START_METHOD_INVALID(8003, Category.USAGE),
    SLOT_TAKEN(8004, Category.REFUSED),
    SLOT_UNUSABLE(8005, Category.FAILED),
    WAL_NOT_RESERVED(8006, Category.FAILED),
    SOURCE_CHANGED(8007, Category.FAILED),
    TARGET_NOT_OURS(8008, Category.REFUSED),
    TARGET_CHANGED(8009, Category.FAILED),
    BACKUP_END_MISSING(8010, Category.FAILED),
    CONFIGURATION_REJECTED(8011, Category.FAILED),
    STANDBY_NOT_STARTED(8012, Category.FAILED),
    NOT_PROVEN(8013, Category.FAILED),
    HOOK_FAILED(8015, Category.FAILED),
    PRIMARY_DISK_LOW(8016, Category.FAILED),
    RESTORE_COMMAND_FAILED(8017, Category.REFUSED),
    ROUTE_IMPOSSIBLE(8018, Category.REFUSED),
    BASEBACKUP_FAILED(8019, Category.FAILED),
    SLOT_INVALIDATED(8020, Category.FAILED),

    // 81xx: backups in two commands, and clones
    BUNDLE_TAKEN(8101, Category.REFUSED),
    BUNDLE_INVALID(8102, Category.REFUSED),
    BUNDLE_INCOMPLETE(8103, Category.REFUSED),
    BACKUP_GIVEN_UP(8104, Category.FAILED),
    BACKUP_LEFT(8105, Category.LEFT),
    BUNDLE_IN_USE(8106, Category.REFUSED),
    NOT_A_CLONE(8111, Category.REFUSED),
    CLONE_RAN(8112, Category.REFUSED),
    CLONE_UNPROVEN(8113, Category.REFUSED),
    CLONE_RUNNING(8114, Category.REFUSED),
    VOLUME_NOT_CLONED(8115, Category.REFUSED),
    SEAL_INTERRUPTED(8116, Category.LEFT),
    CONFIGURATION_FOREIGN(8117, Category.REFUSED),

    // 812x: hooks and volumes of clones
    HOOK_OUTPUT_INVALID(8121, Category.FAILED),
    CLONE_MISSING(8122, Category.FAILED),
    VOLUMES_UNREADABLE(8123, Category.FAILED),
    VOLUME_LEFT_OUT(8124, Category.FAILED),

    // 83xx: the doctor
    FACTS_INVALID(8301, Category.USAGE),
    REMEDY_UNKNOWN(8302, Category.USAGE),
    REMEDY_BY_HAND(8303, Category.REFUSED),
    BACKUP_NOT_OPEN(8304, Category.REFUSED),
    CONSISTENCY_NOT_REACHED(8305, Category.FAILED),
    RECEIVER_DIRECTORY_UNFIT(8306, Category.REFUSED),
    RECEIVER_NOT_STREAMING(8307, Category.FAILED),
    REPLAY_NOT_PAST(8308, Category.FAILED),

    // 84xx: promotion
    POLICY_INVALID(8401, Category.USAGE),
    PROMOTION_NO_GO(8402, Category.REFUSED),

    // 845x: rehearsal of a promotion
    REHEARSAL_REFUSED(8451, Category.REFUSED),
    STANDBY_SLOWED(8452, Category.FAILED),

    // 9xxx: ours
    DEFECT(9001, Category.DEFECT);

    private final int number;
    private final Category category;

    ErrorCode(int number, Category category) {
        this.number = number;
        this.category = category;
    }

    /** The stable number, printed as {@code US-1001}. */
    public int number() {
        return number;
    }

    public Category category() {
        return category;
    }

    /** The code as it is printed and looked up, for example {@code US-1001}. */
    public String printed() {
        return "US-" + number;
    }
}
