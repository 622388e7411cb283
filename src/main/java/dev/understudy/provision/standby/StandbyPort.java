package dev.understudy.provision.standby;

import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.Host;
import dev.understudy.provision.site.Site;

/** The port the standby gets: the plan's, else the primary's on another machine, else the next free one on the same. */
public final class StandbyPort {
    public static final String PORT = "port";
    private static final int HIGHEST = 65535;

    private StandbyPort() {}

    /**
     * The plan's, which a resumed run may give anew; else what the run has chosen already, else a free one: a port that
     * another live run has chosen is not free.
     */
    public static int choose(Site site, StepContext context, int primaryPort) {
        if (site.target().port().isPresent()) {
            return site.target().port().getAsInt();
        }
        // A machine can have more names than we know: what its kernel says of the primary's port decides.
        return context.facts()
                .find(PORT)
                .map(Integer::parseInt)
                .orElseGet(() ->
                        nextFree(context, site.target().host(), site.sharesMachine() ? primaryPort + 1 : primaryPort));
    }

    private static int nextFree(StepContext context, Host host, int from) {
        for (int port = from; port <= HIGHEST; port++) {
            if (isFree(host, port) && context.claim("port " + port + " of host " + host.name())) {
                return port;
            }
        }
        throw UnderstudyException.of(ErrorCode.VALUE_INVALID, "no free port from %d on host \"%s\"", from, host.name())
                .build();
    }

    /**
     * Whether a server can listen there, by the kernel's own list, which needs no program beyond the shell's: a client's
     * end of a connection holds a port as well as a listener does; only one that lingers (TIME_WAIT, 06) does not.
     */
    public static boolean isFree(Host host, int port) {
        String script =
                "for f in /proc/net/tcp /proc/net/tcp6; do [ -r \"$f\" ] && grep -Eq \"^ *[0-9]+: [0-9A-F]+:$1 [0-9A-F]+:[0-9A-F]+ 0[^6]\" \"$f\" && exit 1; done;"
                        + " exit 0";
        return host.run(Command.shell(script, "%04X".formatted(port)).asLook()).succeeded();
    }
}
