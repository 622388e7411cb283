package dev.understudy.provision.site;

import dev.understudy.host.Host;
import dev.understudy.postgres.Conninfo;
import dev.understudy.server.Session;
import java.util.Optional;

/**
 * The server that the standby is built from.
 *
 * @param conninfo how it is reached, as the plan gives it; secrets included
 * @param host the machine of its files, where the plan says how to reach that
 */
public record PrimarySite(Conninfo conninfo, Optional<Host> host) {
    /** Opens a session of its own for whoever asks; the caller closes it. */
    public Session open() {
        return Session.open(conninfo);
    }
}
