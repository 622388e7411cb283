package dev.understudy.promotion.rehearse;

import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.recovery.GucQuote;
import dev.understudy.provision.standby.RequiredMinimums;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The copy's configuration. It is written anew rather than inherited: only what decides how data is read and written comes
 * along from the standby, so that nothing that reaches outside can.
 *
 * @param major of the server
 * @param configured what the standby's configuration files set
 * @param control the copied pg_control
 */
record CopySettings(ServerMajor major, Map<String, String> configured, ControlFile control) {
    /** By which the copy's server is known from every other. */
    static final String CLUSTER_NAME = "understudy rehearsal";

    /** What comes along: how values look, what a session may do, where the server finds its libraries. */
    private static final Set<String> CARRIED = Set.of(
            "allow_in_place_tablespaces",
            "array_nulls",
            "backslash_quote",
            "bytea_output",
            "check_function_bodies",
            "datestyle",
            "default_table_access_method",
            "default_text_search_config",
            "default_toast_compression",
            "default_transaction_isolation",
            "default_with_oids",
            "dynamic_library_path",
            "escape_string_warning",
            "extension_control_path",
            "extra_float_digits",
            "fsync",
            "full_page_writes",
            "gin_fuzzy_search_limit",
            "intervalstyle",
            "lc_monetary",
            "lc_numeric",
            "lc_time",
            "lo_compat_privileges",
            "max_pred_locks_per_transaction",
            "max_prepared_transactions",
            "max_stack_depth",
            "quote_all_identifiers",
            "recovery_init_sync_method",
            "row_security",
            "search_path",
            "standard_conforming_strings",
            "timezone",
            "timezone_abbreviations",
            "track_commit_timestamp",
            "transform_null_equals",
            "wal_level",
            "wal_log_hints",
            "wal_sync_method",
            "xmlbinary",
            "xmloption");

    /**
     * Libraries that do something by themselves: run jobs, connect elsewhere, replicate, or take part in a failover. Their
     * settings stay behind with them.
     */
    private static final Map<String, String> ACTIVE_LIBRARIES = Map.ofEntries(
            Map.entry("babelfishpg_tds", "babelfishpg_tds"),
            Map.entry("bdr", "bdr"),
            Map.entry("bg_mon", "bg_mon"),
            Map.entry("decoderbufs", "decoderbufs"),
            Map.entry("kafka_fdw", "kafka_fdw"),
            Map.entry("pg_auto_failover", "pgautofailover"),
            Map.entry("pg_background", "pg_background"),
            Map.entry("pg_cron", "cron"),
            Map.entry("pg_dbms_job", "pg_dbms_job"),
            Map.entry("pg_failover_slots", "pg_failover_slots"),
            Map.entry("pg_net", "pg_net"),
            Map.entry("pg_partman_bgw", "pg_partman_bgw"),
            Map.entry("pg_squeeze", "squeeze"),
            Map.entry("pgautofailover", "pgautofailover"),
            Map.entry("pglogical", "pglogical"),
            Map.entry("pglogical_output", "pglogical_output"),
            Map.entry("powa", "powa"),
            Map.entry("repmgr", "repmgr"),
            Map.entry("spock", "spock"));

    private record Row(String name, String value, ServerMajor since) {
        boolean existsIn(ServerMajor asked) {
            return asked.isAtLeast(since);
        }
    }

    /** What keeps the copy to itself, whatever anybody's files say. */
    private static final List<Row> ISOLATION = List.of(
            always("archive_command", ""),
            since("archive_cleanup_command", "", ServerMajor.V12),
            since("archive_library", "", ServerMajor.V15),
            always("archive_mode", "off"),
            always("autovacuum", "off"),
            always("bonjour", "off"),
            always("cluster_name", CLUSTER_NAME),
            since("event_triggers", "off", ServerMajor.V17),
            always("hot_standby", "on"),
            always("huge_pages", "off"),
            always("lc_messages", "C"),
            always("listen_addresses", ""),
            always("local_preload_libraries", ""),
            always("log_destination", "stderr"),
            always("log_line_prefix", "%m [%p] "),
            always("log_min_messages", "warning"),
            always("log_statement", "none"),
            always("logging_collector", "off"),
            since("max_logical_replication_workers", "0", ServerMajor.V10),
            since("primary_conninfo", "", ServerMajor.V12),
            since("primary_slot_name", "", ServerMajor.V12),
            since("recovery_end_command", "", ServerMajor.V12),
            since("recovery_min_apply_delay", "0", ServerMajor.V12),
            since("recovery_target_timeline", "latest", ServerMajor.V12),
            since("restore_command", "", ServerMajor.V12),
            always("restart_after_crash", "off"),
            always("session_preload_libraries", ""),
            always("ssl", "off"),
            since("summarize_wal", "off", ServerMajor.V17),
            since("sync_replication_slots", "off", ServerMajor.V17),
            always("synchronous_standby_names", ""),
            always("unix_socket_permissions", "0700"));

    private static Row always(String name, String value) {
        return since(name, value, ServerMajor.V9_6);
    }

    private static Row since(String name, String value, ServerMajor major) {
        return new Row(name, value, major);
    }

    /** The libraries that are preloaded on the standby and on the copy too. */
    List<String> keptLibraries() {
        return libraries()
                .filter(name -> !ACTIVE_LIBRARIES.containsKey(baseName(name)))
                .toList();
    }

    /** Those that are not. */
    List<String> droppedLibraries() {
        return libraries()
                .filter(name -> ACTIVE_LIBRARIES.containsKey(baseName(name)))
                .toList();
    }

    private Stream<String> libraries() {
        return Stream.of(configured.getOrDefault("shared_preload_libraries", "").split(",", -1))
                .map(String::strip)
                .map(name -> name.replaceAll("^\"(.*)\"$", "$1"))
                .filter(name -> !name.isEmpty());
    }

    /** {@code $libdir/pg_cron.so} is {@code pg_cron}. */
    private static String baseName(String library) {
        String name = library.substring(library.lastIndexOf('/') + 1);
        return name.endsWith(".so") ? name.substring(0, name.length() - 3) : name;
    }

    /** What isolates the copy, by name: what a look at the running server has to show. */
    Map<String, String> isolation() {
        Map<String, String> settings = new TreeMap<>();
        ISOLATION.stream().filter(row -> row.existsIn(major)).forEach(row -> settings.put(row.name(), row.value()));
        return settings;
    }

    /** All settings of the copy. */
    Map<String, String> all(int port, String socketDirectory, long sharedBuffersBytes) {
        Map<String, String> settings = new LinkedHashMap<>();
        configured.forEach((name, value) -> {
            if (CARRIED.contains(name.toLowerCase(Locale.ROOT)) || isCarriedCustom(name)) {
                settings.put(name, value);
            }
        });
        RequiredMinimums.of(control).forEach((name, value) -> settings.put(name, Integer.toString(value)));
        settings.put("shared_preload_libraries", String.join(",", quoted(keptLibraries())));
        settings.putAll(isolation());
        settings.put("port", Integer.toString(port));
        settings.put("unix_socket_directories", quotedElement(socketDirectory));
        settings.put("shared_buffers", Math.max(1, sharedBuffersBytes / 1024) + "kB");
        return settings;
    }

    /** An application's own settings may decide what its SQL gives; an active library's have nothing to say. */
    private static boolean isCarriedCustom(String name) {
        int dot = name.indexOf('.');
        return dot > 0 && !ACTIVE_LIBRARIES.containsValue(name.substring(0, dot));
    }

    private static List<String> quoted(List<String> names) {
        return names.stream().map(CopySettings::quotedElement).toList();
    }

    /** Source: {@code SplitDirectoriesString} in {@code src/backend/utils/adt/varlena.c}. */
    private static String quotedElement(String element) {
        return element.matches("[A-Za-z0-9_$./-]+") ? element : "\"" + element.replace("\"", "\"\"") + "\"";
    }

    /** The contents of a configuration file. */
    static String render(Map<String, String> settings) {
        List<String> lines = new ArrayList<>(
                List.of("# Written by Understudy for the rehearsal of a promotion; nothing of the standby's is read."));
        settings.forEach((name, value) -> lines.add(name + " = " + GucQuote.quote(value)));
        return String.join("\n", lines) + "\n";
    }
}
