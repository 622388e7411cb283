package dev.understudy.promotion.gather;

import dev.understudy.doctor.gather.Looking;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Known;
import dev.understudy.promotion.facts.DatabaseState;
import dev.understudy.promotion.facts.DatabaseState.Examined;
import dev.understudy.promotion.facts.Depth;
import dev.understudy.server.Session;
import dev.understudy.server.SqlState;
import dev.understudy.server.check.Amcheck;
import dev.understudy.server.check.CutShort;
import dev.understudy.server.check.Integrity;
import dev.understudy.server.check.Integrity.Damage;
import dev.understudy.server.check.Integrity.Stored;
import dev.understudy.server.check.RowCounts;
import dev.understudy.server.check.ShortFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks into one database of the standby. */
final class DatabaseGatherer {
    /** For what reads catalogs alone; of clusters with very many relations that takes a while. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final PromotionRequest request;
    private final List<Damage> damage = new ArrayList<>();

    DatabaseGatherer(PromotionRequest request) {
        this.request = request;
    }

    DatabaseState gather(String database) {
        Known<Session> opened = Looking.at(() -> Sight.open(request.standby().with("dbname", database)));
        return opened.match(
                session -> {
                    try (session) {
                        return look(session, database);
                    }
                },
                reason -> new DatabaseState(
                        database,
                        Known.unknown(reason),
                        Known.unknown(reason),
                        Known.unknown(reason),
                        Known.unknown(reason),
                        Known.unknown(reason),
                        Known.unknown(reason),
                        List.of(),
                        Known.unknown(reason)));
    }

    private DatabaseState look(Session session, String database) {
        Integrity integrity = new Integrity(session);
        Known<List<Stored>> stored = Looking.at(() -> integrity.stored(LIMIT));
        Known<List<String>> cutShort = stored.flatMap(all -> cutShort(session, database, all));
        Known<Long> rows = Looking.at(() -> readCatalogs(integrity));
        return new DatabaseState(
                database,
                stored.map(all -> (long) all.size()),
                stored.flatMap(all -> Looking.at(() -> hollow(integrity, all))),
                cutShort,
                cutShort.isKnown()
                        ? Known.unknown("tables were held against the primary's")
                        : stored.flatMap(all -> Looking.at(() -> shorter(session, integrity, all))),
                Looking.at(integrity::invalidIndexes),
                rows,
                damage,
                Looking.at(() -> examine(session, integrity)));
    }

    /** Replay goes on: what was found is looked at once more. */
    private static List<String> hollow(Integrity integrity, List<Stored> all) {
        List<Stored> suspects = all.stream().filter(Stored::isHollow).toList();
        if (suspects.isEmpty()) {
            return List.of();
        }
        List<Stored> again = integrity.stored(LIMIT);
        return suspects.stream()
                .filter(again::contains)
                .map(each -> "%s (%s)".formatted(each.name(), each.path()))
                .toList();
    }

    private static List<String> shorter(Session session, Integrity integrity, List<Stored> all) {
        long blockBytes = integrity.blockBytes();
        return new ShortFiles(session)
                .among(all, LIMIT).stream()
                        .map(each -> "%s (%s), whose file has %d of the %d pages that the catalog counts,"
                                .formatted(each.name(), each.path(), each.sizeBytes() / blockBytes, each.pages()))
                        .toList();
    }

    private Known<List<String>> cutShort(Session standby, String database, List<Stored> all) {
        if (request.primary().isEmpty()) {
            return Known.unknown("no --primary given");
        }
        Known<Known<List<String>>> compared = Looking.at(() -> {
            try (Session primary = Sight.open(request.primary().get().with("dbname", database))) {
                return new CutShort(standby, primary, LIMIT).among(all);
            }
        });
        return compared.flatMap(found -> found);
    }

    private long readCatalogs(Integrity integrity) {
        long rows = 0;
        for (String table : integrity.systemTables()) {
            try {
                rows += integrity.readAll(table, LIMIT);
            } catch (UnderstudyException e) {
                if (!SqlState.isDamage(e)) {
                    throw e;
                }
                damage.add(new Damage(table, said(e)));
            }
        }
        return rows;
    }

    private Examined examine(Session session, Integrity integrity) {
        Amcheck amcheck = new Amcheck(session);
        boolean systemOnly = request.depth() == Depth.QUICK;
        List<Damage> found = new ArrayList<>();
        List<Damage> notChecked = new ArrayList<>();
        Optional<String> schema = amcheck.schema();
        long indexes = 0;
        long tables = 0;
        if (schema.isPresent()) {
            Set<Long> system = systemOnly ? new HashSet<>(integrity.systemIndexes()) : Set.of();
            for (Amcheck.Index index : amcheck.indexes()) {
                if (!systemOnly || system.contains(index.oid())) {
                    indexes++;
                    guard(index, found, notChecked, () -> amcheck.check(schema.get(), index, request.amcheckLimit()));
                }
            }
            if (integrity.checksTables()) {
                for (Amcheck.Index table : integrity.tables(systemOnly)) {
                    tables++;
                    guard(
                            table,
                            found,
                            notChecked,
                            () -> found.addAll(integrity.verifyHeap(schema.get(), table, request.amcheckLimit())));
                }
            }
        }
        long counts = systemOnly ? 0 : counts(session, found, notChecked);
        return new Examined(indexes, tables, counts, maps(integrity, found, notChecked), found, notChecked);
    }

    private long counts(Session session, List<Damage> found, List<Damage> notChecked) {
        RowCounts counts = new RowCounts(session);
        List<Amcheck.Table> tables = counts.tables();
        for (Amcheck.Table table : tables) {
            guard(
                    new Amcheck.Index(table.oid(), table.name()),
                    found,
                    notChecked,
                    () -> counts.disagreement(table, request.amcheckLimit())
                            .ifPresent(wrong -> found.add(new Damage(table.name(), wrong))));
        }
        return tables.size();
    }

    /** Visibility maps are small, but what they are held against is not. */
    private long maps(Integrity integrity, List<Damage> found, List<Damage> notChecked) {
        Optional<String> schema = request.depth() == Depth.FULL ? integrity.visibilitySchema() : Optional.empty();
        if (schema.isEmpty()) {
            return 0;
        }
        long maps = 0;
        for (Amcheck.Index table : integrity.tables(false)) {
            maps++;
            guard(table, found, notChecked, () -> {
                long wrong = integrity.wronglyFrozen(schema.get(), table, request.amcheckLimit());
                if (wrong > 0) {
                    found.add(new Damage(
                            table.name(),
                            "%d tuples are not frozen although the visibility map says so".formatted(wrong)));
                }
            });
        }
        return maps;
    }

    /** A relation that is damaged is a finding; one that could not be looked at, for want of time or right, is told. */
    private static void guard(Amcheck.Index relation, List<Damage> found, List<Damage> notChecked, Runnable check) {
        try {
            check.run();
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.SESSION_LOST) {
                throw e;
            }
            // Replay may have cancelled the query, or hold a lock: that says nothing of the relation.
            (SqlState.isDamage(e) ? found : notChecked).add(new Damage(relation.name(), said(e)));
        }
    }

    private static String said(UnderstudyException e) {
        return e.detail().isBlank() ? e.message() : e.detail().replace('\n', ' ');
    }
}
