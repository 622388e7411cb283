package dev.understudy.server.surroundings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Session;
import dev.understudy.testing.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code -Dunderstudy.majors=9.6,…,18} names the majors; the borders by default. */
final class SurroundingsSurveyIT {
    static Stream<ServerMajor> majors() {
        return Arrays.stream(System.getProperty("understudy.majors", "9.6,18").split(",", -1))
                .map(ServerMajor::parse);
    }

    @ParameterizedTest
    @MethodSource("majors")
    void whatIsThereIsSeen(ServerMajor major) throws SQLException {
        try (EmbeddedPostgres server = EmbeddedPostgres.of(major)
                .withInitdb("--locale=C.UTF-8")
                .withSetting("max_prepared_transactions", "5")
                .start()) {
            server.execute(
                    "CREATE SCHEMA \"Odd\"",
                    "CREATE UNLOGGED TABLE \"Odd\".\"T 1\" (a text PRIMARY KEY)",
                    "CREATE SEQUENCE s MAXVALUE 1000",
                    "SELECT setval('s', 900)",
                    "CREATE SEQUENCE down INCREMENT -10 MINVALUE -100 MAXVALUE 0 START 0 CYCLE",
                    "SELECT setval('down', -50)",
                    "CREATE SEQUENCE fresh",
                    "CREATE TABLE t (a text, b text COLLATE \"C\")",
                    "CREATE INDEX t_a ON t (a)",
                    "CREATE INDEX t_b ON t (b)",
                    "CREATE DATABASE other",
                    "CREATE ROLE plain LOGIN");
            try (Connection writer = server.connect();
                    Statement statement = writer.createStatement();
                    Session session = Session.open(Conninfo.parse(server.conninfo()))) {
                statement.execute("BEGIN; INSERT INTO t VALUES ('x'); PREPARE TRANSACTION 'order 7'");
                writer.setAutoCommit(false);
                statement.execute("INSERT INTO t VALUES ('y')");
                SurroundingsSurveyor surveyor =
                        new SurroundingsSurveyor(session, Conninfo.parse(server.conninfo()), Duration.ofSeconds(20));
                assertSeen(surveyor.survey());
                TimeZoneData zones = surveyor.timeZones().value().orElseThrow();
                assertThat(zones.zones()).hasSizeGreaterThan(400).containsKey("Europe/Vienna");
                assertThat(zones.to(zones).isNone()).isTrue();
                assertHiddenFromOthers(Conninfo.parse(server.conninfo()).with("user", "plain"));
            }
        }
    }

    /** Background processes, which no ordinary role may look into, are nobody's transactions. */
    private static void assertHiddenFromOthers(Conninfo conninfo) {
        try (Session session = Session.open(conninfo)) {
            OpenTransactions open = new SurroundingsSurveyor(session, conninfo, Duration.ofSeconds(20))
                    .survey()
                    .transactions()
                    .value()
                    .orElseThrow();
            assertThat(open.seen()).isEmpty();
            assertThat(open.hidden()).isEqualTo(2);
        }
    }

    private static void assertSeen(Surroundings seen) {
        ClockReading clock = seen.clock().value().orElseThrow();
        assertThat(clock.offset().abs()).isLessThanOrEqualTo(clock.uncertainty().plusMillis(1));
        assertThat(seen.prepared().value().orElseThrow())
                .extracting(PreparedTransaction::gid)
                .containsExactly("order 7");
        assertThat(seen.transactions().value().orElseThrow().seen())
                .extracting(OpenTransaction::writes, OpenTransaction::state)
                .containsExactly(tuple(true, "idle in transaction"));
        assertThat(seen.ages().value().orElseThrow()).hasSize(4).allMatch(age -> age.xids() > 0 && age.xids() < 1000);
        assertThat(seen.tablespaces().value().orElseThrow()).isEmpty();
        Databases databases = seen.databases().value().orElseThrow();
        assertThat(databases.notSeen()).isEmpty();
        assertThat(databases.seen()).extracting(DatabaseState::name).containsExactly("other", "postgres");
        DatabaseState database = databases.find("postgres").orElseThrow();
        assertThat(database.unlogged()).containsExactly("\"Odd\".\"T 1\"");
        assertThat(database.unloggedCount()).isEqualTo(1);
        assertThat(database.sequenceCount()).isEqualTo(3);
        assertThat(database.sequences())
                .extracting(SequenceState::name, SequenceState::lastValue, SequenceState::left, SequenceState::cycles)
                .containsExactly(
                        tuple("postgres.public.s", 900L, 100.0, false), tuple("postgres.public.down", -50L, 5.0, true));
        assertThat(database.indexes()).singleElement().satisfies(sorted -> {
            assertThat(sorted.collation()).isEqualTo("default");
            assertThat(sorted.provider()).isEqualTo("libc");
            assertThat(sorted.names()).isEqualTo(List.of("\"Odd\".\"T 1_pkey\"", "public.t_a"));
            assertThat(sorted.count()).isEqualTo(2);
        });
        assertThat(database.sorting())
                .isEqualTo(databases.find("other").orElseThrow().sorting());
    }
}
