package dev.understudy.doctor.gather;

import dev.understudy.doctor.facts.Attempt;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Known;
import dev.understudy.server.Session;
import dev.understudy.server.check.CutShort;
import dev.understudy.server.check.Integrity;
import dev.understudy.server.connect.ConnectOptions;
import dev.understudy.server.connect.ResolvedConninfo;
import dev.understudy.server.facts.CatalogFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Holds a streaming standby's tables against its primary's, database by database. */
final class CutShortGatherer {
    /** For what reads catalogs alone; of clusters with very many relations that takes a while. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private CutShortGatherer() {}

    /** Where replay stands still there is nothing to compare, and other causes to name. */
    static Known<List<String>> gather(Request request, Known<Attempt> standby, Known<Attempt> primary) {
        Optional<ServerView> own = standby.value().flatMap(Attempt::view);
        Optional<ServerView> theirs = primary.value().flatMap(Attempt::view);
        boolean comparable = own.isPresent()
                && theirs.isPresent()
                && own.get()
                        .identity()
                        .systemIdentifier()
                        .equals(theirs.get().identity().systemIdentifier())
                && !theirs.get().identity().inRecovery()
                && isReplaying(own.get());
        if (!comparable) {
            return Known.unknown(Facts.NOT_GIVEN);
        }
        Known<Known<List<String>>> compared = Looking.at(
                () -> among(request.standby().orElseThrow(), request.primary().orElseThrow()));
        return compared.flatMap(found -> found);
    }

    private static boolean isReplaying(ServerView view) {
        boolean streams = view.receiver().value().flatMap(found -> found).isPresent();
        return streams
                && view.positions()
                        .value()
                        .filter(found -> !found.replayPaused())
                        .isPresent();
    }

    private static Known<List<String>> among(Conninfo standby, Conninfo primary) {
        List<CatalogFacts.Database> databases;
        try (Session session = open(standby)) {
            databases = new CatalogFacts(session).databases();
        }
        List<String> found = new ArrayList<>();
        Known<List<String>> last = Known.of(found);
        for (CatalogFacts.Database database : databases) {
            if (database.allowsConnections() && last.isKnown()) {
                last = among(standby, primary, database.name());
                last.orElse(List.of())
                        .forEach(each -> found.add("%s in database \"%s\"".formatted(each, database.name())));
            }
        }
        return last.isKnown() || !found.isEmpty() ? Known.of(List.copyOf(found)) : last;
    }

    private static Known<List<String>> among(Conninfo standby, Conninfo primary, String database) {
        try (Session own = open(standby.with("dbname", database));
                Session theirs = open(primary.with("dbname", database))) {
            return new CutShort(own, theirs, LIMIT).among(new Integrity(own).stored(LIMIT));
        }
    }

    private static Session open(Conninfo conninfo) {
        Session session = Session.open(ResolvedConninfo.of(conninfo), ConnectOptions.QUERY);
        session.limitTo(LIMIT);
        return session;
    }
}
