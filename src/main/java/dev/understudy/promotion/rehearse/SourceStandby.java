package dev.understudy.promotion.rehearse;

import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.WalSegmentSize;
import dev.understudy.provision.site.PrimaryIdentity;
import dev.understudy.provision.site.PrimarySite;
import dev.understudy.provision.site.ServerPaths;
import dev.understudy.server.Session;
import dev.understudy.server.check.PromotedServer;
import dev.understudy.server.facts.CatalogFacts;
import dev.understudy.server.facts.ControlFacts;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.facts.WalPositions;
import dev.understudy.server.privileges.Operation;
import dev.understudy.server.privileges.RequiredPrivileges;
import java.util.List;
import java.util.Optional;

/**
 * What the standby says of itself.
 *
 * @param identity who it is
 * @param paths where its files are; empty if the role may not see that
 * @param dataBytes what its databases take, as far as the role may see them
 * @param walBytes from where replay of a copy would begin to what it has received
 * @param replayPaused whether somebody paused replay
 * @param database that the connection string leads to
 * @param superuser a role that may do everything on the copy; empty if none may log in
 * @param port its own
 * @param grants statements that give the role what it lacks
 */
record SourceStandby(
        PrimaryIdentity identity,
        Optional<ServerPaths> paths,
        long dataBytes,
        long walBytes,
        WalSegmentSize segmentSize,
        boolean replayPaused,
        String database,
        Optional<String> superuser,
        int port,
        List<String> grants) {
    static SourceStandby look(PrimarySite standby) {
        try (Session session = standby.open()) {
            ServerFacts facts = new ServerFacts(session);
            PrimaryIdentity identity = PrimaryIdentity.of(session);
            WalPositions positions = facts.positions();
            List<String> grants = RequiredPrivileges.missing(session, List.of(Operation.INSPECT, Operation.BACKUP));
            PromotedServer server = new PromotedServer(session);
            return new SourceStandby(
                    identity,
                    ServerPaths.find(session),
                    databases(session),
                    identity.inRecovery() ? walBytes(session, positions) : 0,
                    facts.identity().walSegmentSize(),
                    positions.replayPaused(),
                    server.database(),
                    server.superuser(),
                    Integer.parseInt(facts.setting("port").orElse("5432")),
                    grants);
        }
    }

    private static long databases(Session session) {
        return new CatalogFacts(session)
                .databases().stream()
                        .mapToLong(database -> database.sizeBytes().orElse(0))
                        .sum();
    }

    private static long walBytes(Session session, WalPositions positions) {
        Lsn redo = new ControlFacts(session).checkpoint().redoLsn();
        Lsn end = end(positions).orElse(redo);
        return Math.max(0, end.bytes() - redo.bytes());
    }

    /** The end of what it has, whether streamed or taken from an archive. */
    static Optional<Lsn> end(WalPositions positions) {
        Optional<Lsn> replayed = positions.replayed();
        return positions
                .received()
                .filter(received -> replayed.map(received::isAtLeast).orElse(true))
                .or(() -> replayed);
    }
}
