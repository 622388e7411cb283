package dev.understudy.server.facts;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Row;
import dev.understudy.server.Session;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Who may do what, and what processes do. */
public final class AccessFacts {
    private final Session session;

    public AccessFacts(Session session) {
        this.session = session;
    }

    /** The role that the session acts as. */
    public Role currentRole() {
        String name = session.one(row -> row.text("u"), "SELECT current_user::text AS u");
        return role(name).orElseThrow();
    }

    public Optional<Role> role(String name) {
        boolean passwords =
                session.one(row -> row.flag("p"), "SELECT has_table_privilege('pg_catalog.pg_authid', 'SELECT') AS p");
        String kind = passwords
                ? "CASE WHEN rolpassword IS NULL THEN 'none' WHEN rolpassword LIKE 'SCRAM-SHA-256$%' THEN"
                        + " 'scram-sha-256' WHEN rolpassword LIKE 'md5%' THEN 'md5' ELSE 'plain' END"
                : "NULL::text";
        return session.find(
                row -> new Role(
                        row.text("rolname"),
                        row.flag("rolsuper"),
                        row.flag("rolreplication"),
                        row.flag("rolcanlogin"),
                        row.number("rolconnlimit"),
                        row.findInstant("until"),
                        row.findText("kind")),
                "SELECT rolname, rolsuper, rolreplication, rolcanlogin, rolconnlimit,"
                        + " CASE WHEN isfinite(rolvaliduntil) THEN rolvaliduntil END AS until, " + kind
                        + " AS kind FROM " + (passwords ? "pg_authid" : "pg_roles") + " WHERE rolname = ?",
                name);
    }

    /**
     * Whether the session's role may call a function.
     *
     * @param signature such as {@code pg_ls_dir(text, boolean, boolean)}
     * @return false also if there is no such function
     */
    public boolean mayExecute(String signature) {
        return session.one(
                row -> row.flag("p"),
                "SELECT coalesce(has_function_privilege(to_regprocedure(?)::oid, 'EXECUTE'), false) AS p",
                signature);
    }

    /** Whether the session's role has the privileges of another one, which may not exist. */
    public boolean isMemberOf(String role) {
        return session.one(
                row -> row.flag("p"),
                "SELECT coalesce((SELECT pg_has_role(oid, 'USAGE') FROM pg_roles WHERE rolname = ?), false) AS p",
                role);
    }

    /** What a process is doing; empty if it is gone. */
    public Optional<Activity> activity(int pid) {
        return session.find(
                row -> new Activity(
                        row.number("pid"),
                        row.text("application_name"),
                        row.text("state"),
                        row.text("wait_event_type"),
                        row.text("wait_event"),
                        row.instant("backend_start"),
                        row.findInstant("query_start"),
                        row.text("query"),
                        split(row, "blockers").stream().map(Integer::valueOf).toList()),
                "SELECT pid, application_name, state, wait_event_type, wait_event,"
                        + " coalesce(backend_start, '-infinity'::timestamptz) AS backend_start, query_start, query,"
                        + " array_to_string(pg_blocking_pids(pid), E'\\x01') AS blockers"
                        + " FROM pg_stat_activity WHERE pid = ?",
                pid);
    }

    /** The lines of {@code pg_hba.conf}; 10+, and only for those who may execute {@code pg_hba_file_rules()}. */
    public Optional<List<HbaRule>> hbaRules() {
        if (!session.major().isAtLeast(ServerMajor.V10) || !mayExecute("pg_hba_file_rules()")) {
            return Optional.empty();
        }
        return Optional.of(session.list(
                row -> new HbaRule(
                        row.number("line_number"),
                        row.text("type"),
                        split(row, "databases"),
                        split(row, "users"),
                        row.findText("address"),
                        row.findText("netmask"),
                        row.text("auth_method"),
                        row.findText("error")),
                "SELECT line_number, type, array_to_string(database, E'\\x01') AS databases,"
                        + " array_to_string(user_name, E'\\x01') AS users, address, netmask, auth_method, error"
                        + " FROM pg_hba_file_rules() ORDER BY line_number"));
    }

    private static List<String> split(Row row, String column) throws SQLException {
        String text = row.text(column);
        return text.isEmpty() ? List.of() : Arrays.asList(text.split("\u0001", -1));
    }
}
