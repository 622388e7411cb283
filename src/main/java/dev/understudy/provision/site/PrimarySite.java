package dev.understudy.provision.site;

import dev.understudy.host.Host;
import dev.understudy.postgres.Conninfo;
import dev.understudy.server.Session;
import java.util.List;
import java.util.Optional;

/**
 * The server that the standby is built from.
 *
 * @param conninfo how it is reached, as the plan gives it; secrets included
 * @param host the machine of its files, where the plan says how to reach that
 */
public record PrimarySite(Conninfo conninfo, Optional<Host> host) {
    /** What says where the server is; a part of it without the rest would lead elsewhere. */
    private static final List<String> SERVER = List.of("host", "hostaddr", "port", "service", "servicefile");

    /** A password is of use with its own user alone. */
    private static final List<String> LOGIN = List.of("user", "password", "passfile");

    /**
     * How the standby is going to follow the primary, before what this machine's environment adds.
     *
     * @param given what the plan says, which takes the server's place, and the user, from the primary where it has none;
     *     all of the primary's connection where it is empty
     * @param applicationName what the standby calls itself
     */
    public Conninfo replication(Optional<String> given, String applicationName) {
        return given.map(Conninfo::parse)
                .map(this::completed)
                .orElse(conninfo)
                .without("connect_timeout", "target_session_attrs")
                .with("application_name", applicationName);
    }

    private Conninfo completed(Conninfo given) {
        boolean somewhere = has(given, SERVER);
        boolean someone = has(given, List.of("user", "service"));
        Conninfo complete = given;
        if (!somewhere) {
            complete = withAbsent(complete, SERVER);
        }
        if (!someone) {
            complete = withAbsent(complete, LOGIN);
        }
        return complete;
    }

    private static boolean has(Conninfo given, List<String> options) {
        return options.stream().anyMatch(option -> given.get(option).isPresent());
    }

    private Conninfo withAbsent(Conninfo given, List<String> options) {
        Conninfo complete = given;
        for (String option : options) {
            Optional<String> value = conninfo.get(option);
            if (value.isPresent() && given.get(option).isEmpty()) {
                complete = complete.with(option, value.get());
            }
        }
        return complete;
    }

    /** Opens a session of its own for whoever asks; the caller closes it. */
    public Session open() {
        return Session.open(conninfo);
    }
}
