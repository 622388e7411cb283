package dev.understudy.provision.standby;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileStatus;
import dev.understudy.pgfile.directory.Fork;
import dev.understudy.pgfile.directory.RelationFile;
import dev.understudy.provision.copy.TargetFiles;
import dev.understudy.provision.site.Site;
import dev.understudy.server.Session;
import dev.understudy.server.check.StoredRelations;
import dev.understudy.server.facts.CatalogFacts;
import dev.understudy.transfer.files.FileTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks whether every relation that the standby's catalogues know has its file, and no large one lacks a segment: what the
 * copy never saw, and what went after it, WAL need not bring back. Files alone are looked at, not what is in them.
 */
record RelationFiles(Site site, StepContext context) {
    /** Reasons why a database cannot be looked into; it is said, and is no part of the proof. */
    private static final Set<ErrorCode> NOT_ADMITTED =
            Set.of(ErrorCode.DATABASE_MISSING, ErrorCode.HBA_REJECTS, ErrorCode.PRIVILEGE_MISSING);

    List<Evidence> check() {
        StandbySessions sessions = new StandbySessions(site);
        List<CatalogFacts.Database> databases;
        try (Session session = sessions.open(context.facts())) {
            databases = new CatalogFacts(session).databases();
        }
        FileTable files = new TargetFiles(site, context).list();
        List<String> looked = new ArrayList<>();
        int relations = 0;
        for (CatalogFacts.Database database : databases) {
            if (database.allowsConnections()) {
                context.checkAlive();
                Optional<Session> opened = open(sessions, database.name());
                if (opened.isPresent()) {
                    try (Session session = opened.get()) {
                        relations += check(session, database.name(), files);
                        looked.add(database.name());
                    }
                }
            }
        }
        requireSegments(files);
        return List.of(context.evidence(
                "the files of all %d relations of %s are there, no large one lacks a segment"
                        .formatted(relations, String.join(", ", looked)),
                "pg_class of the standby; " + site.target().display()));
    }

    private Optional<Session> open(StandbySessions sessions, String database) {
        try {
            return Optional.of(sessions.open(context.facts(), database));
        } catch (UnderstudyException e) {
            if (!NOT_ADMITTED.contains(e.code())) {
                throw e;
            }
            context.warn("relations of database \"" + database + "\" were not looked for: " + e.message());
            return Optional.empty();
        }
    }

    private int check(Session session, String database, FileTable files) {
        StoredRelations stored = new StoredRelations(session);
        List<StoredRelations.Relation> relations = stored.permanent();
        for (StoredRelations.Relation relation : relations) {
            // Replay goes on: what was made or dropped since the files were listed is looked at once more.
            if (files.find(relation.path()) < 0 && size(relation.path()) < 0 && stored.isThere(relation)) {
                throw refuted("relation %s of database \"%s\" has no file \"%s\" on the standby"
                        .formatted(relation.name(), database, relation.path()));
            }
        }
        return relations.size();
    }

    /** A truncation leaves later segments empty; one that holds something follows on a full one. */
    private void requireSegments(FileTable files) {
        long full = new TargetFiles(site, context).segmentBytes();
        for (int file = 0; file < files.count(); file++) {
            String path = files.path(file);
            Optional<RelationFile> relation = RelationFile.find(path)
                    .filter(found -> found.segment() > 0 && found.fork() == Fork.MAIN && !found.isTemporary());
            if (relation.isPresent() && files.size(file) > 0) {
                int segment = relation.get().segment();
                String first = path.substring(0, path.lastIndexOf('.'));
                String before = segment == 1 ? first : first + "." + (segment - 1);
                int found = files.find(before);
                if ((found < 0 || files.size(found) != full) && size(before) != full && size(path) > 0) {
                    throw refuted("segment \"%s\" of a relation is %s on the standby, yet \"%s\" follows"
                            .formatted(before, found < 0 ? "missing" : "cut short", path));
                }
            }
        }
    }

    /** -1 where there is no such file now. */
    private long size(String path) {
        return site.target()
                .host()
                .files()
                .status(site.target().path(path))
                .filter(FileStatus::isFile)
                .map(FileStatus::size)
                .orElse(-1L);
    }

    private static UnderstudyException refuted(String what) {
        return UnderstudyException.of(ErrorCode.NOT_PROVEN, "not proven: %s", what)
                .build();
    }
}
