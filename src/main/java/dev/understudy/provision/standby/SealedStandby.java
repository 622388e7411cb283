package dev.understudy.provision.standby;

import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.backup.TablespaceMap;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.pgfile.control.ControlFileSealer;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.control.ServerPrograms;
import dev.understudy.provision.recovery.AutoConf;
import dev.understudy.provision.recovery.InheritedSettings;
import dev.understudy.provision.recovery.RecoveryConfiguration;
import dev.understudy.provision.recovery.Templates;
import dev.understudy.provision.site.TargetSite;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes a data directory a standby's by what is known of its backup alone, without asking the primary: configuration, then
 * the signal file, then the label, last of all the sealed pg_control.
 */
public final class SealedStandby {

    private final TargetSite target;
    private final Templates templates = new Templates();

    public SealedStandby(TargetSite target) {
        this.target = target;
    }

    /**
     * What it is made from.
     *
     * @param label as the primary returned it
     * @param tablespaceMap as the primary returned it, perhaps empty
     * @param stopLsn up to where it must replay
     * @param replication how it reaches its primary, but for what this machine's environment adds
     * @param slot that it streams from
     * @param restoreCommand how it fetches WAL from an archive
     * @param source the primary's settings, by name, as far as they matter to a standby
     * @param settings what its configuration says besides
     */
    public record Making(
            BackupLabel label,
            byte[] tablespaceMap,
            Lsn stopLsn,
            Conninfo replication,
            Optional<String> slot,
            Optional<String> restoreCommand,
            Map<String, String> source,
            Map<String, String> settings) {
        public Making {
            tablespaceMap = tablespaceMap.clone();
            source = Map.copyOf(source);
            settings = Map.copyOf(settings);
        }

        @Override
        public byte[] tablespaceMap() {
            return tablespaceMap.clone();
        }
    }

    /**
     * Does it; bears being repeated.
     *
     * @param programs the server's, to let it read the configuration; empty if there are none on this machine
     * @return what a person should know, a sentence each
     */
    public List<String> make(Making making, Optional<ServerPrograms> programs) {
        TargetDirectory directory = new TargetDirectory(target);
        RenderedFiles rendered = new RenderedFiles(directory);
        byte[] copied = directory.copiedControlFile();
        ControlFile control = ControlFileReader.read(copied);
        List<String> notes = new ArrayList<>();
        RecoveryConfiguration configuration = configure(making, control, rendered, notes);
        notes.add(check(directory, programs));
        rendered.writePrivate(
                configuration.signalFileName(),
                configuration.signalFile(templates).getBytes(StandardCharsets.UTF_8));
        if (making.tablespaceMap().length > 0) {
            rendered.write(
                    TablespaceMap.FILE_NAME,
                    TablespaceMapRewrite.relocate(making.tablespaceMap(), target.tablespaces(), control.major()));
        }
        rendered.write(BackupLabel.FILE_NAME, making.label().bytes());
        directory.installControlFile(
                ControlFileSealer.seal(copied, making.stopLsn(), making.label().startTimeline()));
        return notes;
    }

    private RecoveryConfiguration configure(
            Making making, ControlFile control, RenderedFiles rendered, List<String> notes) {
        Map<String, String> overrides = new TreeMap<>(InheritedSettings.overrides(control.major(), making.source()));
        overrides.putAll(new InheritedPlaces(rendered, notes::add).leaveOut(making.source()));
        overrides.putAll(making.settings());
        Map<String, String> raised =
                RequiredMinimums.raised(control, RenderRecovery.merged(making.source(), making.settings()));
        raised.forEach((name, value) ->
                notes.add("raised " + name + " to " + value + ": a standby must not have less than its primary had"));
        overrides.putAll(raised);
        ReplicationConninfo replication = ReplicationConninfo.of(making.replication(), target.host());
        String passFile = target.path(StandbyPassFile.NAME);
        if (replication.needsPassFile(control.major())) {
            rendered.writePrivate(StandbyPassFile.NAME, StandbyPassFile.contents(replication));
        }
        RecoveryConfiguration configuration = new RecoveryConfiguration(
                control.major(),
                replication.forServer(control.major(), passFile),
                making.slot(),
                making.restoreCommand(),
                overrides);
        byte[] inherited = rendered.directory()
                .find(AutoConf.FILE_NAME)
                .map(InheritedPlaces::without)
                .orElse(new byte[0]);
        rendered.writePrivate(AutoConf.FILE_NAME, configuration.autoConf(inherited, templates));
        return configuration;
    }

    private String check(TargetDirectory directory, Optional<ServerPrograms> programs) {
        if (!directory.has("postgresql.conf")) {
            return "there is no postgresql.conf in the directory: the configuration that it is started with, wherever that"
                    + " is, was not looked at; postgresql.auto.conf wins over it";
        }
        if (programs.isEmpty()) {
            return "there are no server programs of its major here: no server has read its configuration yet";
        }
        new ParsedConfiguration(target, programs.get(), target.dataDirectory()).requireOwnDirectory();
        return "a server (%s) reads its configuration".formatted(programs.get().version());
    }
}
