package dev.understudy.provision.standby;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.provision.copy.TargetPages;
import dev.understudy.provision.site.Site;
import dev.understudy.server.Session;
import dev.understudy.server.check.Amcheck;
import dev.understudy.server.facts.CatalogFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the running standby again: the checksum of every page from outside, and every B-tree index by amcheck in the
 * databases that have it.
 */
record FullExamination(Site site, StepContext context) {
    private static final Duration INDEX_LIMIT = Duration.ofHours(6);

    List<Evidence> examine() {
        List<Evidence> evidence = new ArrayList<>();
        new TargetPages(site, context).check().ifPresent(evidence::add);
        StandbySessions sessions = new StandbySessions(site);
        List<CatalogFacts.Database> databases;
        try (Session session = sessions.open(context.facts())) {
            databases = new CatalogFacts(session).databases();
        }
        for (CatalogFacts.Database database : databases) {
            if (database.allowsConnections()) {
                try (Session session = sessions.open(context.facts(), database.name())) {
                    checkIndexes(database.name(), session).ifPresent(evidence::add);
                }
            }
        }
        return evidence;
    }

    /** What could not be looked at is no part of the proof, and is said. */
    private Optional<Evidence> checkIndexes(String database, Session session) {
        Amcheck amcheck = new Amcheck(session);
        Optional<String> schema = amcheck.schema();
        if (schema.isEmpty()) {
            context.warn("indexes of database \"" + database + "\" were not checked: it has no extension amcheck");
            return Optional.empty();
        }
        List<Amcheck.Index> indexes = amcheck.indexes();
        try {
            for (Amcheck.Index index : indexes) {
                context.checkAlive();
                amcheck.check(schema.get(), index, INDEX_LIMIT);
            }
        } catch (UnderstudyException e) {
            if (e.code() != ErrorCode.PRIVILEGE_MISSING) {
                throw e;
            }
            context.warn("indexes of database \"" + database + "\" were not checked: the role may not run amcheck");
            return Optional.empty();
        }
        return Optional.of(context.evidence(
                "%d B-tree indexes of database \"%s\" hold their invariants".formatted(indexes.size(), database),
                "bt_index_check() on the standby"));
    }
}
