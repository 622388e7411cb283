package dev.understudy.provision.standby;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.site.Site;
import dev.understudy.server.connect.Endpoint;
import dev.understudy.server.connect.ResolvedConninfo;
import java.util.Optional;

/**
 * How the standby reaches its primary: the plan's {@code replication}, or what the run itself uses, with all that this
 * machine's environment filled in written out, since the standby has another one.
 *
 * @param conninfo without password
 * @param password what the standby logs in with; empty where it needs none
 */
record ReplicationConninfo(Conninfo conninfo, Optional<String> password) {
    /** The first major whose libpq reads a password file named in the connection string. */
    private static final ServerMajor PASSFILE_SINCE = ServerMajor.V10;

    static ReplicationConninfo of(Site site, Optional<String> replication, Optional<String> slot) {
        return of(site.primary().replication(replication, slot.orElse("understudy")), site.target().host());
    }

    /**
     * The same from a connection string that is complete but for what the environment adds.
     *
     * @throws UnderstudyException {@link ErrorCode#CONNINFO_INVALID} if it leads to a socket that the standby cannot reach
     */
    static ReplicationConninfo of(Conninfo wanted, Host standby) {
        ResolvedConninfo resolved = ResolvedConninfo.of(wanted);
        Endpoint endpoint = resolved.endpoints().get(0);
        if (endpoint.isUnixSocket() && !standby.isLocal()) {
            throw UnderstudyException.of(
                            ErrorCode.CONNINFO_INVALID,
                            "the standby on host \"%s\" cannot reach its primary through the socket \"%s\" of this machine",
                            standby.name(),
                            endpoint.socketFile())
                    .hint("Say how it is reached from there, for example -e \"replication=host=db1 user=replicator\".")
                    .build();
        }
        Conninfo conninfo = resolved.conninfo().without("password", "passfile", "service");
        Optional<String> password = Optional.of(endpoint.password()).filter(text -> !text.isEmpty());
        return new ReplicationConninfo(conninfo, password);
    }

    /** Whether the password can stand in a file of its own; up to 9.6 it stands in recovery.conf, which is as private. */
    boolean needsPassFile(ServerMajor major) {
        return password.isPresent() && major.isAtLeast(PASSFILE_SINCE);
    }

    /** The value of primary_conninfo. */
    String forServer(ServerMajor major, String passFile) {
        if (needsPassFile(major)) {
            return conninfo.with("passfile", passFile).forPrimaryConninfo(major);
        }
        return password.map(secret -> conninfo.with("password", secret))
                .orElse(conninfo)
                .forPrimaryConninfo(major);
    }
}
