package dev.understudy.promotion.check.settings;

import dev.understudy.server.facts.Setting;
import java.util.List;
import java.util.Set;

/** The settings of which each server has its own value, and those that other checks judge. */
final class OwnSettings {
    /** Where it lies, how it is called, whom it follows and how. */
    private static final Set<String> OWN = Set.of(
            "allow_alter_system",
            "application_name",
            "bonjour",
            "bonjour_name",
            "cluster_name",
            "config_file",
            "data_directory",
            "event_source",
            "external_pid_file",
            "hba_file",
            "hosts_file",
            "hot_standby",
            "hot_standby_feedback",
            "ident_file",
            "in_hot_standby",
            "krb_server_keyfile",
            "lc_messages",
            "logging_collector",
            "max_standby_archive_delay",
            "max_standby_streaming_delay",
            "port",
            "primary_conninfo",
            "primary_slot_name",
            "promote_trigger_file",
            "restart_after_crash",
            "restore_command",
            "stats_temp_directory",
            "sync_replication_slots",
            "update_process_title",
            "wal_retrieve_retry_interval");

    /** Judged by another check, which says more than that they differ. */
    private static final Set<String> ELSEWHERE = Set.of(
            "archive_cleanup_command",
            "archive_command",
            "archive_library",
            "archive_mode",
            "basic_archive.archive_directory",
            "local_preload_libraries",
            "max_connections",
            "max_locks_per_transaction",
            "max_logical_replication_workers",
            "max_prepared_transactions",
            "max_replication_slots",
            "max_wal_senders",
            "max_worker_processes",
            "session_preload_libraries",
            "shared_preload_libraries",
            "ssl",
            "synchronous_standby_names",
            "timezone_abbreviations",
            "wal_level");

    private static final List<String> PREFIXES = List.of(
            "cron.",
            "debug_",
            "log_",
            "recovery_",
            "ssl_",
            "syslog_",
            "trace_",
            "transaction_",
            "unix_socket_",
            "wal_receiver_");

    private OwnSettings() {}

    static boolean has(Setting setting) {
        return setting.context().equals("internal")
                || OWN.contains(setting.name())
                || ELSEWHERE.contains(setting.name())
                || PREFIXES.stream().anyMatch(setting.name()::startsWith);
    }
}
