package dev.understudy.provision.standby;

import dev.understudy.engine.Facts;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.provision.site.Site;
import dev.understudy.server.Session;
import dev.understudy.server.connect.ResolvedConninfo;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Opens sessions on the new standby: as the role that the run uses on the primary, since the standby has the same roles,
 * through the standby's socket or its loopback address, wherever its machine is.
 */
public final class StandbySessions {
    /** The fact that holds the standby's socket directories, comma-separated. */
    public static final String SOCKET_DIRECTORIES = ParsedConfiguration.SOCKET_DIRECTORIES;

    private final Site site;

    public StandbySessions(Site site) {
        this.site = site;
    }

    /**
     * Opens a session at the first place that lets us in.
     *
     * @throws UnderstudyException the most telling reason why none does; {@link ErrorCode#SERVER_STARTING} while the
     *     server is not open
     */
    public Session open(Facts facts) {
        return open(candidates(facts));
    }

    /** The same, to another database. */
    Session open(Facts facts, String database) {
        return open(candidates(facts).stream()
                .map(conninfo -> conninfo.with("dbname", database))
                .toList());
    }

    private static Session open(List<Conninfo> candidates) {
        List<UnderstudyException> failures = new ArrayList<>();
        for (Conninfo conninfo : candidates) {
            try {
                return Session.open(conninfo);
            } catch (UnderstudyException e) {
                if (e.code() == ErrorCode.SERVER_STARTING) {
                    throw e;
                }
                failures.add(e);
            }
        }
        throw failures.stream()
                .filter(failure -> failure.code() != ErrorCode.SERVER_UNREACHABLE)
                .findFirst()
                .orElse(failures.get(0));
    }

    private List<Conninfo> candidates(Facts facts) {
        ResolvedConninfo primary = ResolvedConninfo.of(site.primary().conninfo());
        String password = primary.endpoints().get(0).password();
        Conninfo base = primary.conninfo().without("hostaddr", "service", "passfile", "target_session_attrs");
        Conninfo authorized = password.isEmpty() ? base : base.with("password", password);
        int port = Integer.parseInt(facts.get(StandbyPort.PORT));
        return places(facts).stream()
                .map(place ->
                        StandbyAddress.of(site.target().host(), place, port).applyTo(authorized))
                .toList();
    }

    /** The socket directories first: they do not depend on listen_addresses; then loopback. */
    private Set<String> places(Facts facts) {
        Set<String> places = new LinkedHashSet<>();
        for (String directory :
                facts.find(ParsedConfiguration.SOCKET_DIRECTORIES).orElse("").split(",", -1)) {
            String path = directory.strip();
            if (path.startsWith("/")) {
                places.add(path);
            }
        }
        places.add("127.0.0.1");
        return places;
    }
}
