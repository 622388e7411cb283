package dev.understudy.server.survey;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Session;
import dev.understudy.server.facts.AccessFacts;
import dev.understudy.server.facts.HbaRule;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.facts.Setting;
import dev.understudy.server.hba.HbaFile;
import dev.understudy.server.hba.LoginRole;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a server is asked before it becomes a primary, or as the primary whose place is to be taken; reading only. */
public final class PrimacySurvey {
    private static final String ROLES = """
            WITH RECURSIVE up(member, role) AS (
                SELECT oid, oid FROM pg_roles WHERE rolcanlogin
                UNION
                SELECT up.member, m.roleid FROM up JOIN pg_auth_members m ON m.member = up.role)
            SELECT r.rolname, r.rolsuper, r.rolreplication, %s AS kind,
                   CASE WHEN isfinite(r.rolvaliduntil) THEN r.rolvaliduntil END AS until,
                   array_to_string(array(SELECT g.rolname FROM up JOIN pg_roles g ON g.oid = up.role
                                         WHERE up.member = r.oid), E'\\x01') AS groups
            FROM %s r WHERE r.rolcanlogin ORDER BY r.rolname
            """;

    private static final String KIND = "CASE WHEN r.rolpassword IS NULL THEN 'none'"
            + " WHEN r.rolpassword LIKE 'SCRAM-SHA-256$%' THEN 'scram-sha-256'"
            + " WHEN r.rolpassword LIKE 'md5%' THEN 'md5' ELSE 'plain' END";

    private final Session session;

    public PrimacySurvey(Session session) {
        this.session = session;
    }

    /**
     * The settings that new sessions get, by name, whatever this session has set for itself. For the few that a client
     * sends when it connects, what the files say is taken, as far as the role may see that.
     */
    public Map<String, Setting> settings() {
        Map<String, Setting> settings = new TreeMap<>();
        Map<String, String> files = ofFiles();
        Map<String, String> reset = new TreeMap<>();
        session.list(
                row -> reset.put(row.text("name"), row.text("reset_val")), "SELECT name, reset_val FROM pg_settings");
        new ServerFacts(session).settings().forEach((name, setting) -> {
            boolean ofClient =
                    setting.source().equals("client") || setting.source().equals("session");
            String value = reset.getOrDefault(name, setting.value());
            settings.put(
                    name,
                    with(
                            setting,
                            ofClient && !setting.context().equals("internal") ? sent(name, value, files) : value));
        });
        return settings;
    }

    /** Names that the driver sends with every connection. Source: {@code ConnectionFactoryImpl.getParametersForStartup}. */
    private static String sent(String name, String value, Map<String, String> files) {
        return switch (name) {
            case "application_name", "client_encoding", "DateStyle", "extra_float_digits", "TimeZone" ->
                files.getOrDefault(name.toLowerCase(Locale.ROOT), "");
            default -> value;
        };
    }

    private Map<String, String> ofFiles() {
        Map<String, String> files = new TreeMap<>();
        if (new AccessFacts(session).mayExecute("pg_show_all_file_settings()")) {
            session.list(
                    row -> files.put(row.text("name").toLowerCase(Locale.ROOT), row.text("setting")),
                    "SELECT name, setting FROM pg_file_settings WHERE applied ORDER BY seqno");
        }
        return files;
    }

    private static Setting with(Setting setting, String value) {
        return new Setting(
                setting.name(),
                value,
                setting.unit(),
                setting.type(),
                setting.context(),
                setting.source(),
                setting.bootValue(),
                setting.sourceFile(),
                setting.sourceLine(),
                setting.pendingRestart());
    }

    /** The roles that may log in; how their passwords are stored only for those who may see that. */
    public List<LoginRole> roles() {
        boolean passwords =
                session.one(row -> row.flag("p"), "SELECT has_table_privilege('pg_catalog.pg_authid', 'SELECT') AS p");
        return session.list(
                row -> new LoginRole(
                        row.text("rolname"),
                        new HashSet<>(Arrays.asList(row.text("groups").split("\u0001"))),
                        row.flag("rolsuper"),
                        row.flag("rolreplication"),
                        row.findText("kind"),
                        row.findInstant("until")),
                ROLES.formatted(passwords ? KIND : "NULL::text", passwords ? "pg_authid" : "pg_roles"));
    }

    /** Names of the databases that let anybody in. */
    public List<String> databases() {
        return session.list(
                row -> row.text("datname"), "SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1");
    }

    /**
     * The rules of pg_hba.conf of a server that does not show them (9.6), from the file, which the role must be allowed
     * to read and which must lie in the data directory.
     */
    public List<HbaRule> hbaFile() {
        boolean inside = session.one(
                row -> row.flag("inside"),
                "SELECT current_setting('hba_file') = current_setting('data_directory') || '/pg_hba.conf' AS inside");
        if (!inside) {
            throw UnderstudyException.of(
                            ErrorCode.FILE_FORBIDDEN,
                            "pg_hba.conf lies outside of the data directory, and 9.6 does not tell")
                    .build();
        }
        return new HbaFile(name -> Optional.of(text(name))).read(text("pg_hba.conf"));
    }

    private String text(String name) {
        return session.one(row -> row.text("text"), "SELECT pg_read_file(?) AS text", name);
    }

    /** What is in use right now of what settings limit. */
    public LoadInUse load() {
        String clients = session.major().isAtLeast(ServerMajor.V10) ? "backend_type = 'client backend'" : "true";
        String subscriptions = session.major().isAtLeast(ServerMajor.V10)
                ? "(SELECT count(subname) FROM pg_subscription WHERE subenabled)"
                : "0::int8";
        return session.one(
                row -> new LoadInUse(
                        row.bigNumber("connections"),
                        row.bigNumber("senders"),
                        row.bigNumber("slots"),
                        row.bigNumber("prepared"),
                        row.bigNumber("subscriptions")),
                "SELECT (SELECT count(*) FROM pg_stat_activity WHERE " + clients + ") AS connections,"
                        + " (SELECT count(*) FROM pg_stat_replication) AS senders,"
                        + " (SELECT count(*) FROM pg_replication_slots) AS slots,"
                        + " (SELECT count(*) FROM pg_prepared_xacts) AS prepared, " + subscriptions
                        + " AS subscriptions");
    }

    /** Subscriptions of all databases; none before 10. */
    public List<Subscription> subscriptions() {
        return session.major().isAtLeast(ServerMajor.V10)
                ? session.list(
                        row -> new Subscription(
                                row.text("datname"),
                                row.text("subname"),
                                row.flag("subenabled"),
                                row.text("subslotname")),
                        "SELECT d.datname, s.subname, s.subenabled, s.subslotname FROM pg_subscription s"
                                + " JOIN pg_database d ON d.oid = s.subdbid ORDER BY 1, 2")
                : List.of();
    }

    /** Extensions whose files are on the server's host. */
    public List<AvailableExtension> availableExtensions() {
        return session.list(
                row -> new AvailableExtension(
                        row.text("name"),
                        row.text("standard"),
                        Arrays.asList(row.text("versions").split("\u0001"))),
                "SELECT e.name, e.default_version AS standard, array_to_string(array(SELECT v.version"
                        + " FROM pg_available_extension_versions v WHERE v.name = e.name ORDER BY 1), E'\\x01') AS versions"
                        + " FROM pg_available_extensions e ORDER BY e.name");
    }

    /** The directory of the server's libraries, {@code $libdir}. */
    public String libraryDirectory() {
        return session.one(row -> row.text("setting"), "SELECT setting FROM pg_config WHERE name = 'PKGLIBDIR'");
    }

    /**
     * Whether the role may promote the server with {@code pg_promote()}.
     *
     * @return empty before 12, which does not have it
     */
    public Optional<Boolean> mayPromote() {
        return session.major().isAtLeast(ServerMajor.V12)
                ? Optional.of(new AccessFacts(session).mayExecute("pg_promote(boolean,integer)"))
                : Optional.empty();
    }
}
