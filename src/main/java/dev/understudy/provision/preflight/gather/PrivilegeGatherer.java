package dev.understudy.provision.preflight.gather;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.preflight.facts.PrivilegeFacts;
import dev.understudy.provision.preflight.request.Intent;
import dev.understudy.provision.route.Route;
import dev.understudy.server.Session;
import dev.understudy.server.privileges.Operation;
import dev.understudy.server.privileges.RequiredPrivileges;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks the server what the role lacks for what is going to be done. */
final class PrivilegeGatherer {
    private PrivilegeGatherer() {}

    /**
     * What is missing, with what it is for.
     *
     * @param route the route that will be taken, never auto
     */
    static List<PrivilegeFacts> missing(Session session, Intent intent, Route route) {
        Map<String, PrivilegeFacts> missing = new LinkedHashMap<>();
        operations(session.major(), intent, route).forEach((operation, purpose) -> {
            for (String statement : RequiredPrivileges.missing(session, List.of(operation))) {
                missing.putIfAbsent(statement, new PrivilegeFacts(purpose, statement));
            }
        });
        return new ArrayList<>(missing.values());
    }

    /** Every operation that the route and the way of the WAL take, with its purpose in words. */
    static Map<Operation, String> operations(ServerMajor major, Intent intent, Route route) {
        Map<Operation, String> operations = new LinkedHashMap<>();
        if (route == Route.BASEBACKUP) {
            operations.put(Operation.STREAM_WAL, "to take a base backup over the replication protocol");
        } else {
            operations.put(Operation.INSPECT, "to see settings, statistics and sizes");
            operations.put(Operation.BACKUP, "to start and stop the backup");
        }
        if (route == Route.SQL) {
            operations.put(Operation.SQL_COPY, "to read the data directory's files by SQL");
        }
        if (intent.slot().isPresent()) {
            operations.put(Operation.SLOT, "to make and drop the replication slot");
            boolean shell = route == Route.LOCAL || route == Route.SSH;
            // Up to 9.6 listing takes a superuser; there a shell sees the segments.
            if (route != Route.BASEBACKUP && (major.isAtLeast(ServerMajor.V10) || !shell)) {
                operations.put(Operation.LIST_WAL, "to see that the slot's WAL is really there");
            }
        }
        operations.put(Operation.CANARY, "to prove that the standby replays what is committed");
        return operations;
    }
}
