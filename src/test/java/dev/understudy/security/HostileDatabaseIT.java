package dev.understudy.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.engine.journal.RunState;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.RunFixture;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A database whose owner, who is no superuser, puts functions, operators and views of his own under the names that every
 * session uses, and has sessions look there first (CVE-2018-1058's class). A run as superuser calls none of them.
 */
final class HostileDatabaseIT {
    @TempDir
    Path state;

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "15", "18"})
    void nothingOfADatabaseOwnersIsCalledByARun(String version) throws SQLException {
        ServerMajor major = ServerMajor.parse(version);
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(major).start()) {
            primary.execute("CREATE ROLE mallory LOGIN", "CREATE DATABASE trap OWNER mallory");
            trap(primary, major);
            Path target = primary.scratch("work").resolve("standby");

            RunState end = new RunFixture(state)
                    .prove(
                            "standby",
                            Map.of(
                                    "primary",
                                    primary.conninfo().replace("dbname=postgres", "dbname=trap")
                                            + " target_session_attrs=read-write",
                                    "via",
                                    "sql",
                                    "data_directory",
                                    target.toString(),
                                    "bin_directory",
                                    primary.binDirectory().toString(),
                                    "socket_directory",
                                    primary.socketDirectory().toString()));

            BuiltStandby.of(end, major, target).close();
            assertThat(primary.query("SELECT rolsuper FROM pg_roles WHERE rolname = 'mallory'"))
                    .isEqualTo("f");
            assertThat(primary.log()).doesNotContain("trapped");
            isSprungByAnOrdinarySession(primary);
        }
    }

    /** So that the test cannot pass for want of a trap. */
    private static void isSprungByAnOrdinarySession(EmbeddedPostgres primary) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        primary.jdbcUrl().replace("/postgres?", "/trap?").replace("user=postgres", "user=mallory"));
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("SELECT pg_is_in_recovery()"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("ALTER ROLE mallory SUPERUSER");
        }
        assertThat(primary.log()).contains("trapped");
    }

    /** Every function of pg_catalog that SQL can call, with the same arguments, and some operators and views. */
    private static void trap(EmbeddedPostgres primary, ServerMajor major) throws SQLException {
        String kind = major.isAtLeast(ServerMajor.V11) ? "p.prokind = 'f'" : "NOT p.proisagg AND NOT p.proiswindow";
        String traps = """
                DO $do$
                DECLARE
                    f record;
                BEGIN
                    FOR f IN
                        SELECT p.proname, pg_get_function_identity_arguments(p.oid) AS arguments
                        FROM pg_proc p
                        WHERE p.pronamespace = 'pg_catalog'::regnamespace AND %s
                          AND p.proname ~ '^(pg_|current_setting|set_config|version|txid|convert|encode|decode|sha|md5|replace|octet|unnest)'
                          AND pg_get_function_identity_arguments(p.oid) !~ 'internal|any|cstring|OUT|VARIADIC|pg_ddl_command|_handler'
                    LOOP
                        EXECUTE format(
                            'CREATE FUNCTION trap.%%I(%%s) RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RAISE LOG ''trapped'';'
                            || ' EXECUTE ''ALTER ROLE mallory SUPERUSER''; RETURN NULL; END $f$',
                            f.proname, f.arguments);
                    END LOOP;
                END
                $do$""".formatted(kind);
        List<String> statements = new ArrayList<>(List.of(
                "SET SESSION AUTHORIZATION mallory",
                "CREATE SCHEMA trap",
                "ALTER DATABASE trap SET search_path = trap, pg_catalog",
                traps,
                "CREATE FUNCTION trap.trapped() RETURNS boolean LANGUAGE plpgsql AS"
                        + " $f$ BEGIN RAISE LOG 'trapped'; EXECUTE 'ALTER ROLE mallory SUPERUSER'; RETURN true; END $f$",
                "CREATE FUNCTION trap.equal(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT trap.trapped()'",
                "CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = text, PROCEDURE = trap.equal)"));
        for (String view : List.of(
                "pg_settings",
                "pg_roles",
                "pg_database",
                "pg_tablespace",
                "pg_stat_replication",
                "pg_replication_slots")) {
            statements.add(
                    "CREATE VIEW trap." + view + " AS SELECT v.* FROM pg_catalog." + view + " v WHERE trap.trapped()");
        }
        String url = primary.jdbcUrl().replace("/postgres?", "/trap?");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
