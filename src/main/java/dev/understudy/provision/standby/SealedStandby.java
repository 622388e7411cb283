package dev.understudy.provision.standby;

import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.backup.TablespaceMap;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.pgfile.control.ControlFileSealer;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.control.ServerPrograms;
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
     * @param configuration what the primary's files set, if they lie outside of its data directory: for a standby that
     *     has no configuration of its own
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
            Map<String, String> configuration,
            Map<String, String> settings) {
        public Making {
            tablespaceMap = tablespaceMap.clone();
            source = Map.copyOf(source);
            configuration = Map.copyOf(configuration);
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
     * @param found where its configuration is; empty if nowhere
     * @return what a person should know, a sentence each
     */
    public List<String> make(Making making, Optional<ServerPrograms> programs, Optional<ConfigurationPlace> found) {
        TargetDirectory directory = new TargetDirectory(target);
        RenderedFiles rendered = new RenderedFiles(directory);
        byte[] copied = directory.copiedControlFile();
        ControlFile control = ControlFileReader.read(copied);
        List<String> notes = new ArrayList<>();
        RecoveryConfiguration configuration = configure(making, control, rendered, notes);
        if (found.isEmpty() && !making.configuration().isEmpty()) {
            bringConfiguration(making.configuration(), rendered, notes);
        }
        notes.add(check(programs, found.or(() -> ConfigurationPlace.inside(target))));
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
        overrides.putAll(RecoverySettings.raised(
                control, RenderRecovery.merged(making.source(), making.settings()), notes::add));
        return new RecoverySettings(target, rendered, templates)
                .write(
                        control,
                        ReplicationConninfo.of(making.replication(), target.host()),
                        making.slot(),
                        making.restoreCommand(),
                        overrides);
    }

    /** As for a standby that is built by copying: settings in force, and access rules that admit this machine alone. */
    private static void bringConfiguration(
            Map<String, String> configuration, RenderedFiles rendered, List<String> notes) {
        rendered.write("postgresql.conf", OutsideConfiguration.settingsFile(configuration));
        if (!rendered.directory().has("pg_hba.conf")) {
            rendered.writePrivate("pg_hba.conf", OutsideConfiguration.FALLBACK_HBA.getBytes(StandardCharsets.UTF_8));
        }
        if (!rendered.directory().has("pg_ident.conf")) {
            rendered.writePrivate("pg_ident.conf", new byte[0]);
        }
        notes.add("the source's configuration lies outside of its data directory, and this machine has none for this"
                + " directory: wrote the source's settings to postgresql.conf, and a pg_hba.conf that admits this machine"
                + " alone; complete that before you promote it");
    }

    private String check(Optional<ServerPrograms> programs, Optional<ConfigurationPlace> found) {
        if (found.isEmpty()) {
            return "there is no postgresql.conf in the directory, and no cluster of Debian's has it: the configuration that"
                    + " it is started with was not looked at; postgresql.auto.conf wins over it; name it with"
                    + " --config-directory";
        }
        String directory = found.get().directory();
        if (programs.isEmpty()) {
            return "there are no server programs of its major here: no server has read its configuration in \"%s\" yet"
                    .formatted(directory);
        }
        new ParsedConfiguration(target, programs.get(), directory).requireOwnDirectory();
        return "a server (%s) reads its configuration in \"%s\""
                .formatted(programs.get().version(), directory);
    }
}
