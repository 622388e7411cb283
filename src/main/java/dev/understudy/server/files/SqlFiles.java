package dev.understudy.server.files;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Dialect;
import dev.understudy.server.Row;
import dev.understudy.server.Session;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Reads a server's data directory through one session. Names travel as bytea both ways, so that no encoding conversion
 * touches them, and only ever as parameters. A file that vanished is not an error: it is simply not there.
 */
public final class SqlFiles {
    /**
     * A text's very bytes. The cast to bytea goes through the input function, which verifies no encoding but takes
     * backslashes for escapes, hence their doubling; convert_to() would refuse a name that is not valid.
     */
    private static final String RAW = "replace(%s, '\\', '\\\\')::bytea";

    /** The path in a bytea parameter or column, as the server's functions want it. */
    private static final String PATH = "convert_from(%s, getdatabaseencoding())";

    private static final String LIST = """
            WITH RECURSIVE tree(path, isdir, size, modification) AS (
                SELECT %1$s, true, 0::int8, NULL::timestamptz
              UNION ALL
                SELECT p.path, s.isdir, s.size, s.modification
                FROM tree t
                CROSS JOIN LATERAL pg_ls_dir(t.path, true, false) AS f(name)
                CROSS JOIN LATERAL (SELECT CASE t.path WHEN '.' THEN f.name ELSE t.path || '/' || f.name END) p(path)
                CROSS JOIN LATERAL pg_stat_file(p.path, true) s
                WHERE t.isdir AND t.path <> ALL (?)
            )
            SELECT %2$s AS path, isdir, size, modification FROM tree WHERE modification IS NOT NULL
            """.formatted(PATH.formatted("?"), RAW.formatted("path"));

    private static final String READ =
            "SELECT pg_read_binary_file(%s, ?, ?, true) AS bytes".formatted(PATH.formatted("?"));

    private static final String READ_MANY = """
            SELECT u.ord, pg_read_binary_file(%s, 0, ?, true) AS bytes
            FROM unnest(?::bytea[]) WITH ORDINALITY AS u(path, ord)
            """.formatted(PATH.formatted("u.path"));

    private static final String DIGEST = """
            SELECT r.ord, octet_length(r.bytes) AS length, %s AS digest
            FROM (
                SELECT u.ord, pg_read_binary_file(%s, u.start, u.length, true) AS bytes
                FROM unnest(?::bytea[], ?::int8[], ?::int8[]) WITH ORDINALITY AS u(path, start, length, ord)
            ) r
            """;

    private static final String STAT =
            "SELECT isdir, size, modification FROM pg_stat_file(%s, true)".formatted(PATH.formatted("?"));

    private final Session session;
    private final Duration limit;
    private final String digest;

    /**
     * @param session one that this object has to itself
     * @param limit of each query
     */
    public SqlFiles(Session session, Duration limit) {
        this.session = session;
        this.limit = limit;
        this.digest =
                DIGEST.formatted(Dialect.DIGEST.on(session.major()).formatted("r.bytes"), PATH.formatted("u.path"));
    }

    /**
     * Lists a directory and all below it in one query, through the links of {@code pg_tblspc} too.
     *
     * @param root relative to the data directory; {@code .} for all of it
     * @param skipped paths of directories that are listed themselves, but not what is in them
     */
    public FileListing list(String root, Collection<String> skipped) {
        List<FileEntry> entries = new ArrayList<>();
        List<String> unusable = new ArrayList<>();
        session.stream(
                limit,
                row -> {
                    byte[] path = row.bytes("path");
                    Optional<String> name = decoded(path);
                    return name.isPresent() ? entries.add(entry(name.get(), row)) : unusable.add(octal(path));
                },
                LIST,
                bytes(root),
                skipped.toArray(String[]::new));
        return new FileListing(entries, unusable);
    }

    /** Looks at one file or directory; empty if it is not there. */
    public Optional<FileEntry> find(String path) {
        return session
                .list(
                        limit,
                        row -> row.findInstant("modification").isEmpty()
                                ? Optional.<FileEntry>empty()
                                : Optional.of(entry(path, row)),
                        STAT,
                        bytes(path))
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static FileEntry entry(String path, Row row) throws SQLException {
        return new FileEntry(
                path,
                row.flag("isdir"),
                row.bigNumber("size"),
                row.findInstant("modification").orElse(Instant.EPOCH));
    }

    /**
     * Reads a range, transferred in binary form and handed over without another copy.
     *
     * @return the bytes, fewer than asked for where the file ends; empty if there is no such file
     */
    public Optional<byte[]> read(FileRange range) {
        return session.one(
                limit, row -> row.findBytes("bytes"), READ, bytes(range.path()), range.offset(), (long) range.length());
    }

    /**
     * Reads several small files in one query.
     *
     * @param atMost bytes to read of each at most; ask for one more than you expect to notice growth
     * @return in the order of the paths; empty where there is no such file
     */
    public List<Optional<byte[]>> readAll(List<String> paths, int atMost) {
        List<Optional<byte[]>> contents = new ArrayList<>(Collections.nCopies(paths.size(), Optional.empty()));
        session.stream(
                limit,
                row -> contents.set(row.number("ord") - 1, row.findBytes("bytes")),
                READ_MANY,
                (long) atMost,
                paths.stream().map(SqlFiles::bytes).toArray(byte[][]::new));
        return contents;
    }

    /** Has the server read and digest ranges, all in one query; in their order, empty where there is no such file. */
    public List<Optional<RangeDigest>> digest(List<FileRange> ranges) {
        List<Optional<RangeDigest>> digests = new ArrayList<>(Collections.nCopies(ranges.size(), Optional.empty()));
        session.stream(
                limit,
                row -> {
                    int length = row.number("length");
                    return digests.set(
                            row.number("ord") - 1,
                            row.findBytes("digest").map(bytes -> new RangeDigest(length, bytes)));
                },
                digest,
                ranges.stream().map(range -> bytes(range.path())).toArray(byte[][]::new),
                ranges.stream().map(FileRange::offset).toArray(Long[]::new),
                ranges.stream().map(range -> (long) range.length()).toArray(Long[]::new));
        return digests;
    }

    /** The algorithm of {@link #digest}, by Java's name. */
    public String digestAlgorithm() {
        return session.major().isAtLeast(ServerMajor.V11) ? "SHA-256" : "MD5";
    }

    private static byte[] bytes(String path) {
        return path.getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<String> decoded(byte[] path) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(path))
                    .toString());
        } catch (CharacterCodingException e) {
            // Told to the caller as an unusable name.
            return Optional.empty();
        }
    }

    private static String octal(byte[] path) {
        StringBuilder text = new StringBuilder();
        for (byte each : path) {
            text.append(each >= 0x20 && each < 0x7F ? String.valueOf((char) each) : "\\%03o".formatted(each & 0xFF));
        }
        return text.toString();
    }
}
