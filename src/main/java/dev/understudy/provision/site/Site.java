package dev.understudy.provision.site;

import dev.understudy.host.Host;
import dev.understudy.server.connect.ResolvedConninfo;

/**
 * All that the steps of a plan work on.
 *
 * @param primary the server that the standby is built from
 * @param target where the standby is built
 * @param here this machine, as whoever runs Understudy; hooks run here
 */
public record Site(PrimarySite primary, TargetSite target, Host here) implements AutoCloseable {
    /** Whether primary and standby share a machine, as far as their addresses tell: then they cannot share a port. */
    public boolean sharesMachine() {
        String targetName = target.host().name();
        if (primary.host().map(host -> host.name().equals(targetName)).orElse(false)) {
            return true;
        }
        String address = ResolvedConninfo.of(primary.conninfo()).get("host");
        return target.host().isLocal()
                && (address.startsWith("/")
                        || address.startsWith("127.")
                        || address.equals("localhost")
                        || address.equals("::1"));
    }

    @Override
    public void close() {
        primary.host().ifPresent(Host::close);
        target.host().close();
        target.login().close();
    }
}
