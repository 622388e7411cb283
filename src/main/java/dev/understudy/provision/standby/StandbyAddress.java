package dev.understudy.provision.standby;

import dev.understudy.host.Host;
import dev.understudy.postgres.Conninfo;

/**
 * A place at which this process reaches the standby.
 *
 * @param host socket directory or address
 * @param port TCP port or number in the socket's name
 */
record StandbyAddress(String host, int port) {
    /** On this machine as it is; on another one through a tunnel in the connection that we have anyway. */
    static StandbyAddress of(Host machine, String place, int port) {
        return machine.isLocal()
                ? new StandbyAddress(place, port)
                : new StandbyAddress("127.0.0.1", machine.forward(place, port));
    }

    /** The certificate names the primary, not this address, and nobody is between: encryption without the name check. */
    Conninfo applyTo(Conninfo base) {
        String mode = base.get("sslmode").orElse("");
        Conninfo here = base.with("host", host).with("port", Integer.toString(port));
        return mode.startsWith("verify") ? here.with("sslmode", "require") : here;
    }
}
