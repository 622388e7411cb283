package dev.understudy.pgfile.directory;

import dev.understudy.postgres.Oid;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of a relation (a table, an index, …), told by its path: {@code base/DB/REL}, {@code global/REL} or
 * {@code pg_tblspc/OID/PG_15_202209061/DB/REL}, where REL is a number, for temporary relations with {@code tBACKEND_}
 * before it, perhaps a fork ({@code _fsm}, {@code _vm}, {@code _init}) and the number of the segment after it
 * ({@code .1}).
 *
 * <p>Source: {@code GetRelationPath} in {@code src/common/relpath.c}, {@code parse_filename_for_nontemp_relation} in
 * {@code src/backend/storage/file/reinit.c}.
 *
 * @param tablespace the tablespace's object identifier; 1663 for {@code base}, 1664 for {@code global}
 * @param database the database's object identifier; 0 in {@code global}
 * @param fileNode the number in the file's name, unsigned; not always the relation's object identifier
 * @param fork which of the relation's forks
 * @param segment number of the file within the fork, from 0
 * @param temporaryBackend number of the session whose temporary relation this is; -1 if it is none
 */
public record RelationFile(Oid tablespace, Oid database, Oid fileNode, Fork fork, int segment, int temporaryBackend) {
    public static final Oid DEFAULT_TABLESPACE = new Oid(1663);
    public static final Oid GLOBAL_TABLESPACE = new Oid(1664);

    private static final String NUMBER = "([1-9]\\d{0,9})";
    private static final Pattern NAME =
            Pattern.compile("(?:t(\\d{1,9})_)?" + NUMBER + "(?:_(fsm|vm|init))?(?:\\.([1-9]\\d{0,5}))?");
    private static final Pattern BASE = Pattern.compile("base/" + NUMBER);
    private static final Pattern TABLESPACE = Pattern.compile("pg_tblspc/" + NUMBER + "/PG_[0-9.]+_[0-9]+/" + NUMBER);

    /**
     * Reads a path relative to the data directory, with slashes.
     *
     * @return empty if the path is not that of a relation file
     */
    public static Optional<RelationFile> find(String path) {
        int slash = path.lastIndexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        Matcher name = NAME.matcher(path.substring(slash + 1));
        if (!name.matches()) {
            return Optional.empty();
        }
        String directory = path.substring(0, slash);
        if (directory.equals("global")) {
            return of(GLOBAL_TABLESPACE, Optional.of(new Oid(0)), name);
        }
        Matcher base = BASE.matcher(directory);
        if (base.matches()) {
            return of(DEFAULT_TABLESPACE, oid(base.group(1)), name);
        }
        Matcher tablespace = TABLESPACE.matcher(directory);
        if (tablespace.matches()) {
            return oid(tablespace.group(1)).flatMap(oid -> of(oid, oid(tablespace.group(2)), name));
        }
        return Optional.empty();
    }

    private static Optional<RelationFile> of(Oid tablespace, Optional<Oid> database, Matcher name) {
        Optional<Oid> fileNode = oid(name.group(2));
        if (database.isEmpty() || fileNode.isEmpty()) {
            return Optional.empty();
        }
        Fork fork = Fork.ofSuffix(name.group(3) == null ? "" : name.group(3)).orElseThrow();
        int segment = name.group(4) == null ? 0 : Integer.parseInt(name.group(4));
        int backend = name.group(1) == null ? -1 : Integer.parseInt(name.group(1));
        return Optional.of(new RelationFile(tablespace, database.get(), fileNode.get(), fork, segment, backend));
    }

    private static Optional<Oid> oid(String digits) {
        long number = Long.parseLong(digits);
        return number <= 0xFFFF_FFFFL ? Optional.of(new Oid((int) number)) : Optional.empty();
    }

    public boolean isTemporary() {
        return temporaryBackend >= 0;
    }

    public OptionalInt temporaryBackendNumber() {
        return isTemporary() ? OptionalInt.of(temporaryBackend) : OptionalInt.empty();
    }

    /**
     * The number of the file's first page within its fork: what a page checksum counts from.
     *
     * @param relationSegmentBlocks pages in one file of a large relation, from the control file
     * @return an unsigned 32-bit number
     */
    public int firstBlock(int relationSegmentBlocks) {
        return segment * relationSegmentBlocks;
    }

    /** This relation's first main file, whatever the fork and segment: the key its files share. */
    public RelationFile relation() {
        return new RelationFile(tablespace, database, fileNode, Fork.MAIN, 0, temporaryBackend);
    }
}
