package dev.understudy.server.survey;

import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Session;
import dev.understudy.server.connect.ConnectOptions;
import dev.understudy.server.connect.ResolvedConninfo;
import dev.understudy.server.survey.DatabaseObjects.ExtensionUse;
import dev.understudy.server.survey.DatabaseObjects.ForeignServer;
import dev.understudy.server.survey.DatabaseObjects.ScheduledJobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks into every database for what depends on which server is primary. */
public final class ObjectSurveyor {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** For all databases together: what is not seen by then is named as such. */
    private static final Duration MOST_TIME = Duration.ofSeconds(60);

    private static final String FOREIGN_SERVERS = """
            SELECT s.srvname AS name, w.fdwname AS wrapper,
                   (SELECT coalesce(string_agg(o, ' ' ORDER BY o), '') FROM unnest(s.srvoptions) o
                    WHERE o ~ '^(host|hostaddr|port|servername|server)=') AS place
            FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
            ORDER BY 1
            """;

    /** A scheduler's table, and what to ask it. */
    private enum Scheduler {
        PG_CRON(
                "cron.job",
                "SELECT 'pg_cron' AS scheduler, count(*) AS active, nodename AS host, nodeport AS port"
                        + " FROM cron.job WHERE active GROUP BY nodename, nodeport ORDER BY nodename, nodeport"),
        PG_TIMETABLE(
                "timetable.chain",
                "SELECT 'pg_timetable' AS scheduler, count(*) AS active, '' AS host, 0 AS port"
                        + " FROM timetable.chain WHERE live HAVING count(*) > 0"),
        PG_AGENT(
                "pgagent.pga_job",
                "SELECT 'pgAgent' AS scheduler, count(*) AS active, '' AS host, 0 AS port"
                        + " FROM pgagent.pga_job WHERE jobenabled HAVING count(*) > 0");

        private final String table;
        private final String query;

        Scheduler(String table, String query) {
            this.table = table;
            this.query = query;
        }
    }

    private ObjectSurveyor() {}

    /**
     * Looks once.
     *
     * @param session to the server, in any database
     * @param conninfo the connection string behind it, for getting into the others
     */
    public static ObjectSurvey survey(Session session, Conninfo conninfo) {
        List<String> names = session.list(
                row -> row.text("datname"), "SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1");
        long deadlineNanos = System.nanoTime() + MOST_TIME.toNanos();
        List<DatabaseObjects> databases = new ArrayList<>();
        List<String> notSeen = new ArrayList<>();
        for (String name : names) {
            if (System.nanoTime() - deadlineNanos > 0) {
                notSeen.add(name + " (no time left)");
                continue;
            }
            try (Session inside =
                    Session.open(ResolvedConninfo.of(conninfo.with("dbname", name)), ConnectOptions.QUERY)) {
                inside.limitTo(LIMIT);
                databases.add(look(inside, name));
            } catch (UnderstudyException e) {
                notSeen.add("%s (%s)".formatted(name, e.message()));
            }
        }
        return new ObjectSurvey(databases, notSeen);
    }

    private static DatabaseObjects look(Session session, String database) {
        return new DatabaseObjects(
                database,
                session.list(
                        row -> new ExtensionUse(row.text("extname"), row.text("extversion")),
                        "SELECT extname, extversion FROM pg_extension ORDER BY extname"),
                DatabaseContents.of(session, database, LIMIT).libraries(),
                session.major().isAtLeast(ServerMajor.V10)
                        ? session.list(
                                row -> row.text("pubname"), "SELECT pubname FROM pg_publication ORDER BY pubname")
                        : List.of(),
                session.list(
                        row -> new ForeignServer(row.text("name"), row.text("wrapper"), row.text("place")),
                        FOREIGN_SERVERS),
                ServerSurveyor.known(() -> jobs(session)));
    }

    private static List<ScheduledJobs> jobs(Session session) {
        List<ScheduledJobs> jobs = new ArrayList<>();
        for (Scheduler scheduler : Scheduler.values()) {
            boolean there = session.one(
                    row -> row.flag("there"), "SELECT to_regclass('" + scheduler.table + "') IS NOT NULL AS there");
            if (there) {
                jobs.addAll(session.list(
                        row -> new ScheduledJobs(
                                row.text("scheduler"), row.bigNumber("active"), row.text("host"), row.number("port")),
                        scheduler.query));
            }
        }
        return List.copyOf(jobs);
    }
}
