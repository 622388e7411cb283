package dev.understudy.server.check;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Session;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The sequences that columns own, compared with what the columns hold: one that is behind gives numbers a second time. */
public final class SequenceCheck {
    /** Names are quoted where they have to be. Sequences that cycle give numbers a second time on purpose. */
    private static final String OWNED =
            "SELECT s.oid::int8 AS oid, quote_ident(sn.nspname) || '.' || quote_ident(s.relname) AS name,"
                    + " quote_ident(tn.nspname) || '.' || quote_ident(t.relname) AS tab, quote_ident(a.attname) AS col"
                    + " FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'"
                    + " JOIN pg_namespace sn ON sn.oid = s.relnamespace"
                    + " JOIN pg_class t ON t.oid = d.refobjid AND t.relkind IN ('r', 'p')"
                    + " JOIN pg_namespace tn ON tn.oid = t.relnamespace"
                    + " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid"
                    + " WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')"
                    + " AND t.relpersistence = 'p' AND s.relpersistence = 'p' AND NOT a.attisdropped"
                    + " AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) ORDER BY s.oid";

    private final Session session;

    public SequenceCheck(Session session) {
        this.session = session;
    }

    /** A sequence and the column that owns it, as SQL writes them. */
    public record Owned(long oid, String name, String table, String column) {}

    /** How far behind a sequence is. */
    public record Behind(long next, long farthest) {}

    private record State(long last, boolean called, long increment, boolean cycles) {
        long next() {
            return called ? last + increment : last;
        }
    }

    public List<Owned> owned() {
        return session.list(
                row -> new Owned(row.bigNumber("oid"), row.text("name"), row.text("tab"), row.text("col")), OWNED);
    }

    /** Whether the number that a sequence gives next is one that its column, or one farther on, has already. */
    public Optional<Behind> behind(Owned sequence, Duration limit) {
        State state = state(sequence);
        if (state.cycles() || state.increment() == 0) {
            return Optional.empty();
        }
        boolean rising = state.increment() > 0;
        Optional<Long> farthest = session
                .list(
                        limit,
                        row -> row.findBigNumber("v"),
                        "SELECT %s(%s)::int8 AS v FROM %s"
                                .formatted(rising ? "max" : "min", sequence.column(), sequence.table()))
                .stream()
                .flatMapToLong(value -> value.stream())
                .boxed()
                .findFirst();
        return farthest.filter(value -> rising ? value >= state.next() : value <= state.next())
                .map(value -> new Behind(state.next(), value));
    }

    /** Before 10 a sequence holds its own parameters. */
    private State state(Owned sequence) {
        String parameters = session.major().isAtLeast(ServerMajor.V10)
                ? "(SELECT seqincrement FROM pg_sequence WHERE seqrelid = %d) AS inc,".formatted(sequence.oid())
                        + " (SELECT seqcycle FROM pg_sequence WHERE seqrelid = %d) AS cyc".formatted(sequence.oid())
                : "increment_by AS inc, is_cycled AS cyc";
        return session.one(
                row -> new State(
                        row.bigNumber("last_value"), row.flag("is_called"), row.bigNumber("inc"), row.flag("cyc")),
                "SELECT last_value, is_called, " + parameters + " FROM " + sequence.name());
    }
}
