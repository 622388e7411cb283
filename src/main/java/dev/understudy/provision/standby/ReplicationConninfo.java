package dev.understudy.provision.standby;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.site.Site;
import dev.understudy.server.connect.Endpoint;
import dev.understudy.server.connect.ResolvedConninfo;
import java.util.List;
import java.util.Optional;

/**
 * How the standby reaches its primary: the plan's {@code replication}, or what the run itself uses, with all that this
 * machine's environment filled in written out, since the standby has another one.
 *
 * @param conninfo without password
 * @param endpoints the servers it names, in their order, each with what the standby logs in with there
 */
record ReplicationConninfo(Conninfo conninfo, List<Endpoint> endpoints) {
    /** The first major whose libpq takes several hosts, and a password file named in the connection string. */
    private static final ServerMajor PASSFILE_SINCE = ServerMajor.V10;

    ReplicationConninfo {
        endpoints = List.copyOf(endpoints);
    }

    static ReplicationConninfo of(Site site, Optional<String> replication, Optional<String> slot) {
        return of(
                site.primary().replication(replication, slot.orElse("understudy")),
                site.target().host());
    }

    /**
     * The same from a connection string that is complete but for what the environment adds.
     *
     * @throws UnderstudyException {@link ErrorCode#CONNINFO_INVALID} if it leads to a socket that the standby cannot reach
     */
    static ReplicationConninfo of(Conninfo wanted, Host standby) {
        ResolvedConninfo resolved = ResolvedConninfo.of(wanted);
        resolved.endpoints().stream()
                .filter(endpoint -> endpoint.isUnixSocket() && !standby.isLocal())
                .findFirst()
                .ifPresent(endpoint -> {
                    throw outOfReach(standby, endpoint);
                });
        Conninfo conninfo = resolved.conninfo().without("password", "passfile", "service");
        return new ReplicationConninfo(conninfo, resolved.endpoints());
    }

    private static UnderstudyException outOfReach(Host target, Endpoint endpoint) {
        return UnderstudyException.of(
                        ErrorCode.CONNINFO_INVALID,
                        "the standby on host \"%s\" cannot reach its primary through the socket \"%s\" of this machine",
                        target.name(),
                        endpoint.socketFile())
                .hint("Say how it is reached from there, for example -e \"replication=host=db1 user=replicator\".")
                .build();
    }

    /** Whether passwords can stand in a file of their own; up to 9.6 it stands in recovery.conf, which is as private. */
    boolean needsPassFile(ServerMajor major) {
        return major.isAtLeast(PASSFILE_SINCE)
                && endpoints.stream().anyMatch(endpoint -> !endpoint.password().isEmpty());
    }

    /**
     * The value of primary_conninfo.
     *
     * @throws UnderstudyException {@link ErrorCode#CONNINFO_INVALID} for several hosts on 9.6
     */
    String forServer(ServerMajor major, String passFile) {
        if (needsPassFile(major)) {
            return conninfo.with("passfile", passFile).forPrimaryConninfo(major);
        }
        if (major.isAtLeast(PASSFILE_SINCE)) {
            return conninfo.forPrimaryConninfo(major);
        }
        if (endpoints.size() > 1) {
            throw UnderstudyException.of(
                            ErrorCode.CONNINFO_INVALID,
                            "a standby of PostgreSQL %s cannot follow several hosts by one connection string",
                            major)
                    .hint("Name one of them with -e \"replication=host=…\".")
                    .build();
        }
        String password = endpoints.get(0).password();
        return (password.isEmpty() ? conninfo : conninfo.with("password", password)).forPrimaryConninfo(major);
    }
}
