package dev.understudy.transfer.sql;

import dev.understudy.pgfile.directory.CopyDecision;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.postgres.Tablespace;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.files.FileEntry;
import dev.understudy.server.files.SqlFiles;
import dev.understudy.transfer.files.ListingBuilder;
import dev.understudy.transfer.files.ListingBuilder.Kind;
import dev.understudy.transfer.files.RelativePath;
import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.route.Source;
import dev.understudy.transfer.route.SourceReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A primary's data directory through database sessions: {@code pg_ls_dir}, {@code pg_stat_file} and {@code
 * pg_read_binary_file}; no shell is needed on the primary. A link in the data directory is seen as what it leads to, since
 * these functions follow links.
 */
public final class SqlSource implements Source {
    /** A listing of a million files takes its time; a range of a file does not. */
    private static final Duration LIST_LIMIT = Duration.ofMinutes(30);

    private final Supplier<Session> sessions;
    private final String server;

    /**
     * @param sessions opens a session to the primary; called once for each worker and for the listing
     * @param server the primary for messages, such as {@code "db1", port 5432}
     */
    public SqlSource(Supplier<Session> sessions, String server) {
        this.sessions = sessions;
        this.server = server;
    }

    @Override
    public String via() {
        return "sql";
    }

    @Override
    public String describe() {
        return "primary " + server;
    }

    @Override
    public SourceListing list(CopyRules rules, Runnable liveness) {
        ListingBuilder listing = new ListingBuilder(rules, describe());
        try (Session session = sessions.get()) {
            ServerFacts facts = new ServerFacts(session);
            listing.root(facts.setting("data_directory_mode")
                    .map(mode -> Integer.parseInt(mode, 8))
                    .orElse(0700));
            Map<String, Tablespace> outside = new TreeMap<>();
            for (Tablespace tablespace : facts.tablespaces()) {
                if (tablespace.location().startsWith("/")) { // Otherwise it is in place, a plain directory.
                    outside.put(TargetLayout.TABLESPACES + "/" + tablespace.oid(), tablespace);
                }
            }
            List<String> emptied = new ArrayList<>(rules.emptiedDirectories());
            emptied.add(rules.walDirectory());
            List<FileEntry> entries =
                    new SqlFiles(session, LIST_LIMIT).list(".", emptied).requireUsable();
            add(entries, outside, rules, listing, liveness, describe());
        }
        return listing.build();
    }

    private static void add(
            List<FileEntry> entries,
            Map<String, Tablespace> outside,
            CopyRules rules,
            ListingBuilder listing,
            Runnable liveness,
            String side) {
        for (FileEntry entry : entries) {
            liveness.run();
            RelativePath.checked(entry.path(), side);
            Tablespace tablespace = outside.get(entry.path());
            long modified = entry.modification().getEpochSecond();
            if (tablespace != null) {
                listing.add(entry.path(), Kind.SYMBOLIC_LINK, 0, modified, -1, tablespace.location());
            } else if (!isBelowSkipped(entry.path(), rules)) {
                Kind kind = entry.directory() ? Kind.DIRECTORY : Kind.FILE;
                listing.add(entry.path(), kind, entry.size(), modified, -1, "");
            }
        }
    }

    /** The server lists everything; what a skipped directory holds is skipped with it. */
    private static boolean isBelowSkipped(String path, CopyRules rules) {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            if (rules.decide(path.substring(0, slash)) == CopyDecision.SKIP) {
                return true;
            }
        }
        return false;
    }

    @Override
    public SourceReader open() {
        return new SqlReader(sessions.get(), describe());
    }

    @Override
    public void close() {
        // Each reader and the listing close their own sessions.
    }
}
