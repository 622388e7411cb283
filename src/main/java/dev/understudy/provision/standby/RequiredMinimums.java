package dev.understudy.provision.standby;

import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlSettings;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Settings that a standby must not have lower than its primary had when it wrote the WAL. What counts is the copied
 * pg_control, not what the primary says now.
 *
 * <p>Source: {@code CheckRequiredParameterValues} in {@code src/backend/access/transam/xlogrecovery.c}.
 */
public final class RequiredMinimums {
    private RequiredMinimums() {}

    /** By name, what the control file demands. */
    public static Map<String, Integer> of(ControlFile control) {
        ControlSettings settings = control.settings();
        Map<String, Integer> minimums = new TreeMap<>();
        minimums.put("max_connections", settings.maxConnections());
        minimums.put("max_worker_processes", settings.maxWorkerProcesses());
        minimums.put("max_prepared_transactions", settings.maxPreparedTransactions());
        minimums.put("max_locks_per_transaction", settings.maxLocksPerTransaction());
        OptionalInt walSenders = settings.maxWalSenders();
        walSenders.ifPresent(value -> minimums.put("max_wal_senders", value));
        return minimums;
    }

    /** The settings, by name. */
    static Map<String, String> read(ControlFile control, UnaryOperator<String> server) {
        Map<String, String> values = new TreeMap<>();
        of(control).keySet().forEach(name -> values.put(name, server.apply(name)));
        return values;
    }

    /** What must be raised: minimums that the configured values are below. */
    static Map<String, String> raised(ControlFile control, Map<String, String> configured) {
        Map<String, String> raised = new TreeMap<>();
        of(control).forEach((name, minimum) -> {
            String value = configured.get(name);
            if (value == null || !value.strip().matches("\\d{1,9}") || Integer.parseInt(value.strip()) < minimum) {
                raised.put(name, Integer.toString(minimum));
            }
        });
        return raised;
    }
}
