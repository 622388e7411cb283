package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Evidence;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.server.Session;
import dev.understudy.server.check.Amcheck;
import dev.understudy.server.check.Integrity;
import dev.understudy.server.check.RowCounts;
import dev.understudy.server.check.SequenceCheck;
import dev.understudy.server.check.ShortFiles;
import dev.understudy.server.check.StoredRelations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The looks at one database of the promoted copy: files, indexes, tables, sequences. */
record DatabaseLooks(CopyServer server, Protocol protocol, Duration limit) {
    List<Evidence> look(String database) {
        List<Evidence> evidence = new ArrayList<>();
        try (Session session = server.open(database)) {
            evidence.add(files(database, session));
            evidence.add(rows(database, session));
            amcheck(database, session, evidence);
            evidence.add(sequences(database, session));
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.RUN_INTERRUPTED) {
                throw e;
            }
            protocol.found(new Finding(
                    "database-unreadable", "database \"" + database + "\" could not be looked at", e.describe()));
        }
        return evidence;
    }

    private Evidence seen(String claim, String source) {
        return protocol.context().evidence(claim, source);
    }

    private Evidence files(String database, Session session) {
        List<String> missing = new StoredRelations(session).missing();
        if (!missing.isEmpty()) {
            protocol.found(new Finding(
                    "relation-file-missing",
                    "%d relations of database \"%s\" have no file".formatted(missing.size(), database),
                    missing.stream().limit(20).toList()));
        }
        return seen(
                "database \"%s\": %d relations have their files"
                        .formatted(
                                database,
                                new StoredRelations(session).permanent().size() - missing.size()),
                "pg_class, pg_stat_file()");
    }

    /** A table without its end is sound as far as it goes: an index tells what is gone, else the catalog's count of pages. */
    private Evidence rows(String database, Session session) {
        RowCounts counts = new RowCounts(session);
        List<Amcheck.Table> tables = counts.tables();
        Set<Long> counted = new HashSet<>();
        for (Amcheck.Table table : tables) {
            protocol.context().checkAlive();
            counted.add(table.oid());
            counts.disagreement(table, limit).ifPresent(wrong -> cutShort(database, table.name(), wrong));
        }
        long blockBytes = new Integrity(session).blockBytes();
        new ShortFiles(session)
                .among(new Integrity(session).stored(limit), limit).stream()
                        .filter(relation -> relation.hasRows() && !counted.contains(relation.oid()))
                        .forEach(relation -> cutShort(
                                database,
                                relation.name(),
                                "file \"%s\" has %d pages and the catalog counts %d; if the primary's has no more, ANALYZE it there"
                                        .formatted(
                                                relation.path(), relation.sizeBytes() / blockBytes, relation.pages())));
        return seen(
                "database \"%s\": rows of %d tables counted by an index and by the table"
                        .formatted(database, tables.size()),
                "count(*)");
    }

    private void cutShort(String database, String table, String wrong) {
        protocol.found(new Finding(
                "relation-cut-short",
                "table \"%s\" of database \"%s\" seems to have lost its end".formatted(table, database),
                wrong));
    }

    private void amcheck(String database, Session session, List<Evidence> evidence) {
        Amcheck amcheck = new Amcheck(session);
        Optional<String> obstacle = amcheck.create();
        if (obstacle.isPresent()) {
            protocol.notExamined("indexes and tables of database \"" + database + "\"", obstacle.get());
            return;
        }
        String schema = amcheck.schema().orElseThrow();
        List<Amcheck.Index> indexes = amcheck.indexes();
        int corrupt = 0;
        for (Amcheck.Index index : indexes) {
            protocol.context().checkAlive();
            corrupt += checkIndex(amcheck, schema, index, database);
        }
        evidence.add(seen(
                "database \"%s\": %d of %d B-tree indexes hold their invariants"
                        .formatted(database, indexes.size() - corrupt, indexes.size()),
                "bt_index_check()"));
        tables(database, amcheck, schema).ifPresent(evidence::add);
    }

    private int checkIndex(Amcheck amcheck, String schema, Amcheck.Index index, String database) {
        try {
            amcheck.check(schema, index, limit);
            return 0;
        } catch (UnderstudyException e) {
            if (e.code() != ErrorCode.INDEX_CORRUPT) {
                throw e;
            }
            protocol.found(new Finding(
                    "index-corrupt",
                    "index \"%s\" of database \"%s\" is corrupt".formatted(index.name(), database),
                    e.detail()));
            return 1;
        }
    }

    private Optional<Evidence> tables(String database, Amcheck amcheck, String schema) {
        if (!amcheck.checksTables()) {
            return Optional.empty();
        }
        List<Amcheck.Table> tables = amcheck.tables();
        int corrupt = 0;
        for (Amcheck.Table table : tables) {
            protocol.context().checkAlive();
            List<String> problems = amcheck.check(schema, table, limit);
            if (!problems.isEmpty()) {
                corrupt++;
                protocol.found(new Finding(
                        "table-corrupt",
                        "table \"%s\" of database \"%s\" is corrupt".formatted(table.name(), database),
                        problems.stream().limit(20).toList()));
            }
        }
        return Optional.of(seen(
                "database \"%s\": %d of %d tables hold together"
                        .formatted(database, tables.size() - corrupt, tables.size()),
                "verify_heapam()"));
    }

    private Evidence sequences(String database, Session session) {
        SequenceCheck check = new SequenceCheck(session);
        List<SequenceCheck.Owned> owned = check.owned();
        for (SequenceCheck.Owned sequence : owned) {
            protocol.context().checkAlive();
            check.behind(sequence, limit)
                    .ifPresent(behind -> protocol.found(new Finding(
                            "sequence-behind",
                            "sequence %s of database \"%s\" gives %s next, and column %s of %s holds %s already"
                                    .formatted(
                                            sequence.name(),
                                            database,
                                            behind.next(),
                                            sequence.column(),
                                            sequence.table(),
                                            behind.farthest()),
                            List.of())));
        }
        return seen(
                "database \"%s\": %d sequences that columns own were compared with their data"
                        .formatted(database, owned.size()),
                "pg_depend, max()");
    }
}
