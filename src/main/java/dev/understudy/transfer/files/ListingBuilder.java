package dev.understudy.transfer.files;

import dev.understudy.pgfile.directory.CopyDecision;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.pgfile.directory.RelationFile;
import dev.understudy.postgres.Oid;
import dev.understudy.postgres.Tablespace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a listing of the entries that a source finds: checks every name, applies the rules of what is copied, and leaves
 * out the files of unlogged relations but for their init forks.
 *
 * <p>Links and special files are left out with a warning, as pg_basebackup does, but for those that PostgreSQL itself
 * makes: tablespaces, the WAL directory, and directories whose contents are not copied anyway. Source: {@code sendDir()} in
 * {@code src/backend/backup/basebackup.c}.
 */
public final class ListingBuilder {
    private static final Pattern TABLESPACE = Pattern.compile("pg_tblspc/(\\d{1,10})");

    private final CopyRules rules;
    private final String side;
    private final FileTable files = new FileTable();
    private final Set<String> directories = new TreeSet<>();
    private final List<Tablespace> tablespaces = new ArrayList<>();
    private final Set<RelationFile> unlogged = new HashSet<>();
    private final List<String> warnings = new ArrayList<>();
    private boolean groupAccess;

    /** Kinds of directory entries. */
    public enum Kind {
        FILE,
        DIRECTORY,
        SYMBOLIC_LINK,
        SPECIAL
    }

    /** @param side for messages, such as {@code primary "ssh://…"} */
    public ListingBuilder(CopyRules rules, String side) {
        this.rules = rules;
        this.side = side;
    }

    /** The data directory's own mode. */
    public void root(int mode) {
        groupAccess = (mode & 050) == 050;
    }

    /**
     * Takes one entry below the data directory; those of tablespaces by their path below {@code pg_tblspc/OID}.
     *
     * @param linkTarget what a symbolic link says, else empty
     * @return whether the source needs to look below this entry: into a directory, or through a tablespace's link
     */
    public boolean add(String path, Kind kind, long size, long modifiedSeconds, int mode, String linkTarget) {
        RelativePath.checked(path, side);
        CopyDecision decision = rules.decide(path);
        if (decision == CopyDecision.DIRECTORY_ONLY) {
            directories.add(path);
            return false;
        }
        if (decision != CopyDecision.COPY) {
            return false;
        }
        if (kind == Kind.DIRECTORY) {
            directories.add(path);
            return true;
        }
        if (kind == Kind.SYMBOLIC_LINK) {
            return addLink(path, linkTarget);
        }
        if (kind == Kind.SPECIAL) {
            warnings.add("Skipped special file \"" + RelativePath.printable(path) + "\" of the " + side + ".");
            return false;
        }
        unlogged.addAll(CopyRules.unloggedRelations(List.of(path)));
        files.add(path, size, modifiedSeconds, mode);
        return false;
    }

    private boolean addLink(String path, String linkTarget) {
        Matcher tablespace = TABLESPACE.matcher(path);
        if (tablespace.matches()) {
            tablespaces.add(new Tablespace(Oid.parse(tablespace.group(1)), linkTarget));
            return true;
        }
        if (path.equals(rules.walDirectory())) {
            directories.add(path);
            return false;
        }
        warnings.add("Skipped symbolic link \"" + RelativePath.printable(path) + "\" of the " + side
                + ": PostgreSQL copies none but those of tablespaces.");
        return false;
    }

    /** The tablespaces found so far whose contents are to be looked for. */
    public List<Tablespace> tablespaces() {
        return List.copyOf(tablespaces);
    }

    public SourceListing build() {
        directories.add(rules.walDirectory());
        directories.addAll(rules.emptiedDirectories());
        return new SourceListing(
                unlogged.isEmpty() ? files : withoutUnlogged(),
                List.copyOf(directories),
                tablespaces,
                groupAccess,
                warnings);
    }

    private FileTable withoutUnlogged() {
        FileTable kept = new FileTable();
        for (int file = 0; file < files.count(); file++) {
            String path = files.path(file);
            if (rules.decide(path, unlogged) == CopyDecision.COPY) {
                kept.add(path, files.size(file), files.modifiedSeconds(file), files.mode(file));
            }
        }
        return kept;
    }
}
