package dev.understudy.doctor.gather;

import dev.understudy.doctor.archive.SegmentDirectoryReader;
import dev.understudy.doctor.facts.Attempt;
import dev.understudy.doctor.facts.ConfiguredSetting;
import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogFacts;
import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.doctor.facts.WalListing;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileSystemUsage;
import dev.understudy.host.Host;
import dev.understudy.pgfile.FormatVersion;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Known;
import dev.understudy.provision.control.PostmasterFile;
import dev.understudy.provision.site.TargetAccount;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;

/** Gathers all facts of one examination. Changes nothing anywhere; what cannot be seen becomes a reason. */
public final class FactsGatherer {
    private static final String CONNINFO = "primary_conninfo";
    private static final String HERE = "local";

    private final Function<String, Host> hosts;
    private final Clock clock;

    /** @param hosts gives a host by its name; the caller's are closed after each examination */
    public FactsGatherer(Function<String, Host> hosts, Clock clock) {
        this.hosts = hosts;
        this.clock = clock;
    }

    /**
     * Standby and primary are asked before files are read: what they had written by then is in the files, so that a reading
     * of WAL that ends before it has seen the end.
     */
    public Facts gather(Request request) {
        Known<Attempt> standby = ask(request.standby());
        Known<Attempt> primary = ask(request.primary());
        Facts seen = gather(request, standby, primary);
        Optional<String> role = roleOf(seen);
        return seen.withPrimary(
                primary.map(attempt -> role.map(name -> ServerGatherer.withFollower(
                                attempt, request.primary().orElseThrow(), name))
                        .orElse(attempt)),
                primaryDisk(request.primaryHost(), primary),
                CutShortGatherer.gather(request, standby, primary));
    }

    /** The file system of the primary's WAL, if its host was named or is this one, and it told where its data directory is. */
    private Known<FileSystemUsage> primaryDisk(Optional<String> name, Known<Attempt> primary) {
        Optional<ServerView> view = primary.value().flatMap(Attempt::view);
        Optional<String> directory = view.flatMap(found -> found.setting("data_directory"));
        Optional<String> host = name.or(
                () -> directory.filter(path -> isHere(path, view.orElseThrow())).map(path -> HERE));
        if (host.isEmpty() || view.isEmpty()) {
            return Known.unknown(Facts.NOT_GIVEN);
        }
        if (directory.isEmpty()) {
            return Known.unknown("the role may not see data_directory");
        }
        String wal = directory.get() + "/"
                + FormatVersion.of(view.get().identity().version().major()).walDirectory();
        return Looking.at(() -> {
            try (Host opened = hosts.apply(host.get())) {
                return opened.files().usage(opened.files().realPath(wal).orElse(wal));
            }
        });
    }

    /** Whether the server that answered is the one whose data directory is at that path on this machine. */
    private boolean isHere(String path, ServerView view) {
        return Looking.at(() -> {
                    try (Host opened = hosts.apply(HERE)) {
                        return PostmasterFile.read(opened, path)
                                .filter(file ->
                                        file.wasStartedAt(view.identity().startedAt()))
                                .filter(file -> view.setting("port")
                                        .filter(Integer.toString(file.port())::equals)
                                        .isPresent())
                                .isPresent();
                    }
                })
                .orElse(false);
    }

    /** The role that the standby logs in as at its primary. */
    private static Optional<String> roleOf(Facts seen) {
        return seen.standby()
                .value()
                .flatMap(Attempt::view)
                .flatMap(view -> view.setting(CONNINFO))
                .or(() -> seen.directory()
                        .value()
                        .flatMap(found -> found.setting(CONNINFO))
                        .map(ConfiguredSetting::value))
                .flatMap(FactsGatherer::user);
    }

    private static Optional<String> user(String conninfo) {
        try {
            return Conninfo.parse(conninfo).get("user");
        } catch (UnderstudyException e) {
            // That it cannot be read is a rule's to say.
            return Optional.empty();
        }
    }

    private Facts gather(Request request, Known<Attempt> standby, Known<Attempt> primary) {
        if (!request.needsHost()) {
            return facts(
                    request,
                    Known.unknown(Facts.NOT_GIVEN),
                    Known.unknown(Facts.NOT_GIVEN),
                    standby,
                    primary,
                    Known.unknown(Facts.NOT_GIVEN),
                    Known.unknown(Facts.NOT_GIVEN));
        }
        Host login;
        try {
            login = hosts.apply(request.host());
        } catch (UnderstudyException e) {
            String reason = Looking.reason(e);
            return facts(
                    request,
                    Known.unknown(reason),
                    Known.unknown(reason),
                    standby,
                    primary,
                    Known.unknown(reason),
                    Known.unknown(reason));
        }
        try (login) {
            return onHost(request, new Owners(login), standby, primary);
        }
    }

    private Facts onHost(Request request, Owners owners, Known<Attempt> standby, Known<Attempt> primary) {
        Known<SegmentDirectory> archive = segments(owners, request.archive());
        Known<SegmentDirectory> receiver = segments(owners, request.receiver());
        Known<DirectoryFacts> directory = request.dataDirectory()
                .map(path -> Looking.at(() -> {
                    Host host = owners.of(path);
                    String real = host.files().realPath(path).orElse(path);
                    return new DirectoryGatherer(host, real, archive, receiver).gather();
                }))
                .orElseGet(() -> Known.unknown(Facts.NOT_GIVEN));
        Host logHost = request.dataDirectory().map(owners::of).orElseGet(owners::login);
        Known<LogFacts> log = new LogGatherer(logHost.files()).gather(request.log(), directory);
        return facts(request, directory, log, standby, primary, archive, receiver);
    }

    /** As the server's own account, so that no link that it may have planted is followed as somebody greater. */
    public static Host asOwner(Host login, String directory) {
        try {
            return login.as(TargetAccount.choose(login, Optional.empty(), directory));
        } catch (UnderstudyException e) {
            // Looking as whoever logged in shows what that account may see; what it may not is noted at each look.
            return login;
        }
    }

    private static Known<SegmentDirectory> segments(Owners owners, Optional<String> directory) {
        return directory
                .map(path -> Looking.at(() -> new SegmentDirectoryReader(owners.of(path), path).read()))
                .orElseGet(() -> Known.unknown(Facts.NOT_GIVEN));
    }

    /** Asks one server all that the doctor asks. */
    public static Attempt attempt(Conninfo conninfo) {
        return ServerGatherer.ask(conninfo);
    }

    /** Lists the WAL directory of a standby anew: its files come and go. */
    public static WalListing listWal(Host host, DirectoryFacts seen) {
        return DirectoryGatherer.listWal(host, seen);
    }

    private static Known<Attempt> ask(Optional<Conninfo> conninfo) {
        return conninfo.map(ServerGatherer::ask).map(Known::of).orElseGet(() -> Known.unknown(Facts.NOT_GIVEN));
    }

    private Facts facts(
            Request request,
            Known<DirectoryFacts> directory,
            Known<LogFacts> log,
            Known<Attempt> standby,
            Known<Attempt> primary,
            Known<SegmentDirectory> archive,
            Known<SegmentDirectory> receiver) {
        return new Facts(
                Facts.VERSION,
                request.given(),
                clock.instant(),
                directory,
                log,
                standby,
                primary,
                archive,
                receiver,
                Looking.at(() -> BundleGatherer.gather(request.bundles())),
                Known.unknown(Facts.NOT_GIVEN),
                Known.unknown(Facts.NOT_GIVEN));
    }
}
