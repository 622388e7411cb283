package dev.understudy.provision.recovery;

import dev.understudy.postgres.ServerMajor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Settings of the source that must not come along, since they would tie the standby to what the source was told to do:
 * follow another server, stop at a recovery target, wait for standbys of its own, clean up an archive. A row each: which
 * majors have it as a setting (up to 11 the recovery ones lived in {@code recovery.conf}, which is never copied), and
 * the value that neutralises it.
 */
public final class InheritedSettings {
    private record Row(String name, String neutral, ServerMajor since, Optional<ServerMajor> until) {
        Row(String name, String neutral, ServerMajor since) {
            this(name, neutral, since, Optional.empty());
        }

        boolean existsIn(ServerMajor major) {
            return major.isAtLeast(since)
                    && until.map(last -> last.isAtLeast(major)).orElse(true);
        }
    }

    private static final List<Row> ROWS = List.of(
            new Row("archive_cleanup_command", "", ServerMajor.V12),
            new Row("cluster_name", "", ServerMajor.V9_6),
            new Row("primary_conninfo", "", ServerMajor.V12),
            new Row("primary_slot_name", "", ServerMajor.V12),
            new Row("promote_trigger_file", "", ServerMajor.V12, Optional.of(ServerMajor.V15)),
            new Row("recovery_end_command", "", ServerMajor.V12),
            new Row("recovery_min_apply_delay", "0", ServerMajor.V12),
            new Row("recovery_target", "", ServerMajor.V12),
            new Row("recovery_target_lsn", "", ServerMajor.V12),
            new Row("recovery_target_name", "", ServerMajor.V12),
            new Row("recovery_target_time", "", ServerMajor.V12),
            new Row("recovery_target_timeline", "latest", ServerMajor.V12),
            new Row("recovery_target_xid", "", ServerMajor.V12),
            new Row("restore_command", "", ServerMajor.V12),
            new Row("synchronous_standby_names", "", ServerMajor.V9_6));

    private InheritedSettings() {}

    /** The names of the settings that are looked at. */
    public static List<String> names() {
        return ROWS.stream().map(Row::name).toList();
    }

    /**
     * What has to be overridden, each with its neutral value: those that the source has at another value, and those that
     * decide where replay ends or how far behind it stays whatever the source says. Its files can set those to what it
     * has not read yet, or does not heed as a primary, and a standby would.
     *
     * @param source the source's settings in force, by name
     */
    public static Map<String, String> overrides(ServerMajor major, Map<String, String> source) {
        Map<String, String> overrides = new TreeMap<>();
        for (Row row : ROWS) {
            String value = source.get(row.name());
            boolean differs = value != null && !value.equals(row.neutral());
            if (row.existsIn(major) && (differs || row.name().startsWith("recovery_"))) {
                overrides.put(row.name(), row.neutral());
            }
        }
        return overrides;
    }
}
