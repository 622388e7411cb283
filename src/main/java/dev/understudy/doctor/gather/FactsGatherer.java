package dev.understudy.doctor.gather;

import dev.understudy.doctor.archive.SegmentDirectoryReader;
import dev.understudy.doctor.facts.Attempt;
import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogFacts;
import dev.understudy.doctor.facts.SegmentDirectory;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Known;
import dev.understudy.provision.site.TargetAccount;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;

/** Gathers all facts of one examination. Changes nothing anywhere; what cannot be seen becomes a reason. */
public final class FactsGatherer {
    private final Function<String, Host> hosts;
    private final Clock clock;

    /** @param hosts gives a host by its name; the caller's are closed after each examination */
    public FactsGatherer(Function<String, Host> hosts, Clock clock) {
        this.hosts = hosts;
        this.clock = clock;
    }

    public Facts gather(Request request) {
        Known<Attempt> standby = ask(request.standby());
        Known<Attempt> primary = ask(request.primary());
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
            return onHost(request, login, standby, primary);
        }
    }

    private Facts onHost(Request request, Host login, Known<Attempt> standby, Known<Attempt> primary) {
        Known<SegmentDirectory> archive = segments(login, request.archive());
        Known<SegmentDirectory> receiver = segments(login, request.receiver());
        Known<DirectoryFacts> directory = request.dataDirectory()
                .map(path -> Looking.at(() -> {
                    Host host = server(login, path);
                    String real = host.files().realPath(path).orElse(path);
                    return new DirectoryGatherer(host, real, archive, receiver).gather();
                }))
                .orElseGet(() -> Known.unknown(Facts.NOT_GIVEN));
        Host logHost = request.dataDirectory().map(path -> server(login, path)).orElse(login);
        Known<LogFacts> log = new LogGatherer(logHost.files()).gather(request.log(), directory);
        return facts(request, directory, log, standby, primary, archive, receiver);
    }

    /** As the server's own account, so that no link that it may have planted is followed as somebody greater. */
    private static Host server(Host login, String directory) {
        try {
            return login.as(TargetAccount.choose(login, Optional.empty(), directory));
        } catch (UnderstudyException e) {
            // Looking as whoever logged in shows what that account may see; what it may not is noted at each look.
            return login;
        }
    }

    private static Known<SegmentDirectory> segments(Host login, Optional<String> directory) {
        return directory
                .map(path -> Looking.at(() -> new SegmentDirectoryReader(server(login, path), path).read()))
                .orElseGet(() -> Known.unknown(Facts.NOT_GIVEN));
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
                Facts.VERSION, request.given(), clock.instant(), directory, log, standby, primary, archive, receiver);
    }
}
