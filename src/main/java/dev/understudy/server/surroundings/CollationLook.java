package dev.understudy.server.surroundings;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Session;
import java.util.List;
import java.util.Optional;

/** Looks at what sorts the text of a database, and at the indexes that depend on it. */
final class CollationLook {
    private static final int MOST_INDEXES = 5;

    /** What the versions of libraries are known to disagree about: punctuation, blanks, digits, upper and lower case. */
    private static final List<String> WORDS = List.of(
            "1-1", "11", "1 1", "1a", "a1", "a a", "aa", "a-a", "a_a", "A", "a", "AA", "Aa", "aA", "b", "B", "\"a\"",
            "'a'", "(a)", "$a", "$1", "-1", "_a", "~a", "a.b", "a,b", "ab", "a/b", "a@b", "co-op", "coop", "CO-OP", "z",
            "Z", "0", "10", "9");

    /** Beyond ASCII, where the database's encoding has them. */
    private static final List<String> MORE_WORDS = List.of(
            "ä", "Ä", "ae", "å", "ø", "o", "ß", "ss", "é", "e", "ñ", "n", "ł", "l", "ı", "i", "I", "İ", "я", "а", "α",
            "ω", "あ", "ア", "中", "国", "한", "ﬁ", "½", "№", "☃", "😀", "ǳ", "ʼ");

    private static final String USED = """
            SELECT k.coll, count(DISTINCT i.indexrelid) AS count,
                   (array_agg(DISTINCT quote_ident(n.nspname) || '.' || quote_ident(c.relname)))[1:%d] AS names
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
                 unnest(i.indcollation::oid[]) AS k(coll)
            WHERE k.coll <> 0 AND c.relkind = 'i' AND c.relpersistence <> 't'
              AND n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema')
            GROUP BY k.coll
            """.formatted(MOST_INDEXES);

    private final Session session;

    CollationLook(Session session) {
        this.session = session;
    }

    /**
     * Indexes by collation. Plain byte order ({@code C}, {@code POSIX}) never changes. What the default collation is, the
     * database says, with a version of its own only from 15 on.
     */
    List<SortedIndexes> indexes() {
        boolean versions = session.major().isAtLeast(ServerMajor.V10);
        boolean ownVersion = session.major().isAtLeast(ServerMajor.V15);
        String provider = versions ? "l.collprovider::text" : "CASE l.oid WHEN 100 THEN 'd' ELSE 'c' END";
        String sql = "SELECT l.collname AS name, u.count, array_to_string(u.names, E'\\n') AS names,"
                + " CASE " + provider + " WHEN 'd' THEN " + (ownVersion ? "d.datlocprovider::text" : "'c'")
                + " ELSE " + provider + " END AS provider,"
                + " CASE " + provider + " WHEN 'd' THEN d.datcollate ELSE l.collcollate END AS locale,"
                + " CASE " + provider + " WHEN 'd' THEN " + (ownVersion ? "d.datcollversion" : "NULL")
                + " ELSE " + (versions ? "l.collversion" : "NULL") + " END AS recorded,"
                + " CASE " + provider + " WHEN 'd' THEN "
                + (ownVersion ? "pg_database_collation_actual_version(d.oid)" : "NULL")
                + " ELSE " + (versions ? "pg_collation_actual_version(l.oid)" : "NULL") + " END AS actual"
                + " FROM (" + USED + ") u JOIN pg_collation l ON l.oid = u.coll"
                + " JOIN pg_database d ON d.datname = current_database()";
        return session.list(
                row -> new SortedIndexes(
                        row.text("name"),
                        provider(row.text("provider")),
                        row.findText("recorded"),
                        row.findText("actual"),
                        row.bigNumber("count"),
                        row.text("names").lines().toList()),
                "SELECT * FROM (" + sql + ") q WHERE provider <> 'c' OR locale NOT IN ('C', 'POSIX') ORDER BY name");
    }

    /** Source: {@code COLLPROVIDER_…} in {@code src/include/catalog/pg_collation.h}. */
    private static String provider(String letter) {
        return switch (letter) {
            case "i" -> "icu";
            case "b" -> "builtin";
            default -> "libc";
        };
    }

    /** Two libraries that sort these words alike need not be the same; two that do not are not. */
    String sorting() {
        boolean unicode = session.one(
                        row -> row.text("encoding"), "SELECT current_setting('server_encoding') AS encoding")
                .equals("UTF8");
        String words = String.join("\n", WORDS) + (unicode ? "\n" + String.join("\n", MORE_WORDS) : "");
        return session.one(
                row -> row.text("digest"),
                "SELECT md5(string_agg(w, E'\\n' ORDER BY w, w COLLATE \"C\")) AS digest"
                        + " FROM regexp_split_to_table(?::text, E'\\n') w",
                words);
    }

    /** The C library's version as one of its collations has it; empty if there is no collation that tells. */
    Optional<String> libc() {
        return session.find(
                        row -> row.findText("version"),
                        "SELECT max(pg_collation_actual_version(oid)) AS version FROM pg_collation"
                                + " WHERE collprovider = 'c' AND collcollate NOT IN ('C', 'POSIX')"
                                + " AND collencoding IN (-1, (SELECT encoding FROM pg_database"
                                + " WHERE datname = current_database()))")
                .flatMap(version -> version);
    }
}
