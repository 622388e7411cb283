package dev.understudy.provision.recovery;

import dev.understudy.postgres.ServerMajor;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All that a standby's configuration says differently from its source's.
 *
 * @param major of the server that will read it
 * @param primaryConninfo how the standby reaches its primary, written for that major's libpq
 * @param slot the physical replication slot it streams from
 * @param restoreCommand how it fetches WAL from an archive
 * @param overrides further settings by name: what is inherited and neutralised, minimums raised, port, what the plan says
 */
public record RecoveryConfiguration(
        ServerMajor major,
        String primaryConninfo,
        Optional<String> slot,
        Optional<String> restoreCommand,
        Map<String, String> overrides) {
    /** The first major that has the recovery parameters among its settings and a signal file instead of recovery.conf. */
    public static final ServerMajor SIGNAL_FILES_SINCE = ServerMajor.V12;

    public RecoveryConfiguration {
        overrides = Map.copyOf(overrides);
    }

    public boolean usesSignalFile() {
        return major.isAtLeast(SIGNAL_FILES_SINCE);
    }

    /** The name of the file whose presence makes a server of this major a standby. */
    public String signalFileName() {
        return usesSignalFile() ? "standby.signal" : "recovery.conf";
    }

    /** The recovery parameters proper, by name. */
    Map<String, String> recoveryParameters() {
        Map<String, String> parameters = new TreeMap<>();
        parameters.put("primary_conninfo", primaryConninfo);
        parameters.put("recovery_target_timeline", "latest");
        slot.ifPresent(name -> parameters.put("primary_slot_name", name));
        restoreCommand.ifPresent(command -> parameters.put("restore_command", command));
        if (!usesSignalFile()) {
            parameters.put("standby_mode", "on");
        }
        return parameters;
    }

    /** What goes into postgresql.auto.conf, by name. */
    Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>(overrides);
        settings.put("hot_standby", "on");
        if (usesSignalFile()) {
            settings.putAll(recoveryParameters());
        }
        return settings;
    }

    /** {@code postgresql.auto.conf}: the source's own lines but those that are set anew, then ours. */
    public byte[] autoConf(byte[] inherited, Templates templates) {
        return AutoConf.with(inherited, settings(), templates);
    }

    /** The contents of {@link #signalFileName()}. */
    public String signalFile(Templates templates) {
        return usesSignalFile() ? "" : templates.render("recovery.conf.ftl", Map.of("settings", recoveryParameters()));
    }
}
