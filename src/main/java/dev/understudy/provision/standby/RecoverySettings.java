package dev.understudy.provision.standby;

import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.provision.recovery.AutoConf;
import dev.understudy.provision.recovery.RecoveryConfiguration;
import dev.understudy.provision.recovery.Templates;
import dev.understudy.provision.site.TargetSite;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes what makes a server follow its primary: the password file and {@code postgresql.auto.conf}. */
record RecoverySettings(TargetSite target, RenderedFiles rendered, Templates templates) {
    /**
     * Settings that must be raised, since a standby must not have less than its primary had.
     *
     * @param configured what the standby would have, by name
     * @param notes told each, a sentence
     */
    static Map<String, String> raised(ControlFile control, Map<String, String> configured, Consumer<String> notes) {
        Map<String, String> raised = RequiredMinimums.raised(control, configured);
        raised.forEach((name, value) -> notes.accept(
                "raised " + name + " to " + value + ": a standby must not have less than its primary had"));
        return raised;
    }

    /** @param overrides what its configuration says besides, by name */
    RecoveryConfiguration write(
            ControlFile control,
            ReplicationConninfo replication,
            Optional<String> slot,
            Optional<String> restoreCommand,
            Map<String, String> overrides) {
        String passFile = target.path(StandbyPassFile.NAME);
        if (replication.needsPassFile(control.major())) {
            rendered.writePrivate(StandbyPassFile.NAME, StandbyPassFile.contents(replication));
        }
        RecoveryConfiguration configuration = new RecoveryConfiguration(
                control.major(), replication.forServer(control.major(), passFile), slot, restoreCommand, overrides);
        byte[] inherited = rendered.directory()
                .find(AutoConf.FILE_NAME)
                .map(InheritedPlaces::without)
                .orElse(new byte[0]);
        // Mode 0600 always: up to 9.6 recovery.conf, from 12 this file may say how to log in to the primary.
        rendered.writePrivate(AutoConf.FILE_NAME, configuration.autoConf(inherited, templates));
        return configuration;
    }
}
