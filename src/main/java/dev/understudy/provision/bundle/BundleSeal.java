package dev.understudy.provision.bundle;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.wal.WalSource;
import dev.understudy.postgres.Conninfo;
import dev.understudy.provision.control.ServerPrograms;
import dev.understudy.provision.seal.ForeignSettings;
import dev.understudy.provision.seal.Sealing;
import dev.understudy.provision.site.PrimarySite;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.provision.standby.ConfigurationPlace;
import dev.understudy.provision.standby.ParsedConfiguration;
import dev.understudy.provision.standby.SealedStandby;
import dev.understudy.provision.wal.SqlWalSource;
import dev.understudy.server.Session;
import dev.understudy.server.connect.Endpoint;
import dev.understudy.server.connect.ResolvedConninfo;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.transfer.files.TargetLayout;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Seals a clone by the bundle of its backup. The primary need not be reachable, nor PostgreSQL be installed. */
public final class BundleSeal {
    private final Bundle bundle;
    private final TargetSite target;
    private final Options options;

    /**
     * What the caller says.
     *
     * @param primary how the standby reaches its primary, if not as the bundle says
     * @param slot that it streams from, if not the bundle's
     * @param restoreCommand how it fetches WAL from an archive
     * @param port the standby's, if not its source's
     * @param configDirectory where its configuration is, if not in it and not where Debian has it
     * @param keepArchiving whether it shall archive as its source does
     * @param kept names of settings that shall stay as they are
     */
    public record Options(
            Optional<Conninfo> primary,
            Optional<String> slot,
            Optional<String> restoreCommand,
            OptionalInt port,
            Optional<String> configDirectory,
            boolean keepArchiving,
            Set<String> kept) {
        public Options {
            kept = Set.copyOf(kept);
        }
    }

    public BundleSeal(Bundle bundle, TargetSite target, Options options) {
        this.bundle = bundle;
        this.target = target;
        this.options = options;
    }

    /**
     * What was done.
     *
     * @param state how the directory stood before
     * @param why it is an untouched clone
     * @param done sentences
     * @param notes what a person should know
     * @param next the command that starts its server
     */
    public record Sealed(
            Sealing.State state, String why, ControlFile control, List<String> done, List<String> notes, String next) {}

    /**
     * Seals it; bears being repeated.
     *
     * @throws UnderstudyException a refusal, before anything was changed; {@link ErrorCode#SEAL_INTERRUPTED} after that
     */
    public Sealed seal() {
        Sealing sealing = new Sealing(target, bundle.backup());
        Sealing.Examined examined = sealing.examine(this::askSource);
        ControlFile control = examined.control();
        List<String> done = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        if (examined.state() == Sealing.State.STANDBY) {
            notes.add(
                    "nothing to do: it has been started since it was sealed, and its configuration was left as it is");
            return new Sealed(examined.state(), examined.why(), control, done, notes, "");
        }
        Conninfo replication = replication();
        TargetLayout layout = sealing.layout(control);
        Optional<ServerPrograms> programs = programs(control);
        Optional<ConfigurationPlace> place = ConfigurationPlace.find(target, options.configDirectory());
        Optional<ParsedConfiguration> server = place.filter(found -> !found.inside())
                .flatMap(found -> programs.map(all -> new ParsedConfiguration(target, all, found.directory())));
        server.ifPresent(this::requireOwn);
        try {
            done.addAll(sealing.disarm(examined, layout));
            Map<String, String> configured = configured(sealing, server);
            ForeignSettings.note(configured).ifPresent(notes::add);
            if (options.keepArchiving()) {
                notes.add("archive_mode stays '%s', as on the source"
                        .formatted(configured.getOrDefault("archive_mode", "off")));
            }
            done.addAll(sealing.neutralise(ForeignSettings.changes(
                    control.major(),
                    configured,
                    bundle.source().subscriptions(),
                    options.keepArchiving(),
                    options.kept())));
            notes.addAll(new SealedStandby(target).make(making(replication, configured), programs, place));
        } catch (UnderstudyException e) {
            throw interrupted(e);
        }
        done.add("wrote signal file and label, and sealed pg_control up to " + bundle.stopLsn());
        String next = place.orElse(new ConfigurationPlace(target.dataDirectory(), true))
                .startCommand(programs);
        return new Sealed(examined.state(), examined.why(), control, done, notes, next);
    }

    /** A configuration that is named before the clone has been given its place in it, or another cluster's. */
    private void requireOwn(ParsedConfiguration server) {
        String found = server.ask("data_directory");
        if (!found.equals(target.dataDirectory())) {
            throw UnderstudyException.of(
                            ErrorCode.CONFIGURATION_FOREIGN,
                            "the configuration in \"%s\" is another data directory's",
                            server.directory())
                    .detail("data_directory is \"%s\" there; the clone is \"%s\".", found, target.dataDirectory())
                    .hint("Name the clone's own with --config-directory, or set data_directory there.")
                    .build();
        }
    }

    /**
     * What a server of the clone would have if it were not sealed: the source's settings, and where the clone has a
     * configuration of its own outside of its data directory, what that says.
     */
    private Map<String, String> configured(Sealing sealing, Optional<ParsedConfiguration> server) {
        Map<String, String> settings = new TreeMap<>(bundle.source().settings());
        if (server.isPresent()) {
            sealing.neutralise(List.of());
            settings.putAll(server.get().ask(settings.keySet()));
        }
        return settings;
    }

    private UnderstudyException interrupted(UnderstudyException e) {
        UnderstudyException.Builder error = UnderstudyException.of(
                        ErrorCode.SEAL_INTERRUPTED, "\"%s\" is sealed half: %s", target.dataDirectory(), e.message())
                .detail(
                        "%s%sNo server can start from it.",
                        e.detail(), e.detail().isEmpty() ? "" : "\n");
        e.hints().forEach(hint -> error.hint("%s", hint));
        return error.hint("Then run the same command again: it goes on from there.")
                .cause(e)
                .build();
    }

    private SealedStandby.Making making(Conninfo replication, Map<String, String> configured) {
        Map<String, String> settings = new TreeMap<>();
        options.port().ifPresent(port -> settings.put("port", Integer.toString(port)));
        target.socketDirectory().ifPresent(path -> settings.put("unix_socket_directories", path));
        return new SealedStandby.Making(
                bundle.label(),
                bundle.tablespaceMap(),
                bundle.stopLsn(),
                replication,
                options.slot().or(bundle::slot),
                options.restoreCommand(),
                configured,
                bundle.source().configuration(),
                settings);
    }

    private Conninfo replication() {
        String name = options.slot().or(bundle::slot).orElse("understudy");
        Conninfo conninfo = new PrimarySite(bundle.primary(), Optional.empty())
                .replication(options.primary().map(Conninfo::keywords), name);
        Endpoint endpoint = ResolvedConninfo.of(conninfo).endpoints().get(0);
        if (endpoint.isUnixSocket() && !Files.exists(endpoint.socketFile())) {
            throw UnderstudyException.of(
                            ErrorCode.CONNINFO_INVALID,
                            "the standby cannot reach its primary through the socket \"%s\", which is not on this machine",
                            endpoint.socketFile())
                    .hint("Say how it is reached from here, for example --primary \"host=db1 user=replicator\".")
                    .build();
        }
        return conninfo;
    }

    /** Only where the caller names a directory must there be programs. */
    private Optional<ServerPrograms> programs(ControlFile control) {
        try {
            return Optional.of(ServerPrograms.find(target.host(), target.binDirectory(), control.major()));
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.SERVER_PROGRAMS_MISSING
                    && target.binDirectory().isEmpty()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Optional<Boolean> askSource(Function<WalSource, Optional<Boolean>> question) {
        try (Session session = Session.open(options.primary().orElse(bundle.primary()))) {
            boolean same = new ServerFacts(session).systemIdentifier().equals(bundle.systemIdentifier());
            return same ? question.apply(new SqlWalSource(session)) : Optional.empty();
        } catch (UnderstudyException e) {
            // The source may be out of reach from here; then the clone's own WAL has to tell.
            return Optional.empty();
        }
    }
}
