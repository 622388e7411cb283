package dev.understudy.server.survey;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Session;
import dev.understudy.server.facts.AccessFacts;
import dev.understudy.server.facts.HbaRule;
import dev.understudy.server.facts.ServerFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks a running server over with queries alone; what the role may not see is in the result with the reason. */
public final class ServerSurveyor {
    private final Session session;
    private final ServerFacts facts;
    private final Conninfo conninfo;
    private final Duration limit;

    /**
     * @param session to the server; used by this object alone while it surveys
     * @param conninfo the connection string behind it, for looking into other databases of the server
     * @param limit of each query
     */
    public ServerSurveyor(Session session, Conninfo conninfo, Duration limit) {
        this.session = session;
        this.facts = new ServerFacts(session);
        this.conninfo = conninfo;
        this.limit = limit;
    }

    /**
     * Looks once.
     *
     * @throws UnderstudyException if the session is lost on the way
     */
    public ServerSurvey survey() {
        session.limitTo(limit);
        ServerSettings settings = settings();
        boolean inRecovery = facts.isInRecovery();
        WalSurveyor wal = new WalSurveyor(session, limit, inRecovery);
        wal.beginMeasuring();
        Known<Duration> clock = known(this::clockOffset);
        StorageSurvey storage = new StorageSurveyor(session, limit).survey();
        ContentSurvey contents = contents(settings);
        return new ServerSurvey(
                identity(inRecovery),
                settings,
                role(),
                wal.survey(),
                storage,
                backups(),
                known(this::hbaRules),
                contents,
                clock);
    }

    /** The answer of a query, or the reason why there is none. The loss of the session is no answer: it goes on up. */
    static <T> Known<T> known(Supplier<T> query) {
        try {
            return Known.of(query.get());
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.SESSION_LOST) {
                throw e;
            }
            return Known.unknown(e.detail().isEmpty() ? e.message() : e.message() + ": " + e.detail());
        }
    }

    private ServerSettings settings() {
        Map<String, String> values = new HashMap<>();
        facts.settings().forEach((name, setting) -> values.put(name, setting.value()));
        return new ServerSettings(values);
    }

    private ServerIdentity identity(boolean inRecovery) {
        Known<DirectConnection> direct = known(() -> {
            Optional<String> sign = session.pooler();
            return new DirectConnection(
                    sign.isEmpty(), sign.orElse("process %d, as announced at log-in".formatted(session.backendPid())));
        });
        ServerFacts.Addresses addresses = facts.addresses();
        return new ServerIdentity(
                session.endpoint().toString(),
                session.version(),
                inRecovery,
                known(facts::systemIdentifier),
                addresses.server().orElse(""),
                addresses.client().orElse(""),
                facts.startedAt().getEpochSecond(),
                direct);
    }

    private RoleSurvey role() {
        return session.one(
                limit,
                row -> new RoleSurvey(
                        row.text("rolname"),
                        row.flag("rolsuper"),
                        row.flag("rolreplication"),
                        row.number("rolconnlimit"),
                        row.number("own"),
                        row.number("everyone")),
                "SELECT rolname, rolsuper, rolreplication, rolconnlimit,"
                        + " (SELECT count(*) FROM pg_stat_activity WHERE usesysid = r.oid) AS own,"
                        + " (SELECT count(*) FROM pg_stat_activity WHERE usesysid IS NOT NULL) AS everyone"
                        + " FROM pg_roles r WHERE rolname = session_user");
    }

    private Duration clockOffset() {
        Instant before = Instant.now();
        Instant theirs = facts.clock();
        Instant after = Instant.now();
        return Duration.between(before.plus(Duration.between(before, after).dividedBy(2)), theirs);
    }

    private BackupSurvey backups() {
        Known<String> exclusive = session.major().isAtLeast(ServerMajor.V15)
                ? Known.of("")
                : known(() -> session.one(
                        limit,
                        row -> row.text("since"),
                        "SELECT CASE WHEN pg_is_in_backup() THEN coalesce(pg_backup_start_time()::text, 'an unknown time')"
                                + " ELSE '' END AS since"));
        return new BackupSurvey(exclusive, known(this::runningBackups));
    }

    private List<String> runningBackups() {
        return session.list(
                limit,
                row -> "%s of role \"%s\" (pid %d)".formatted(row.text("what"), row.text("usename"), row.number("pid")),
                "SELECT pid, usename, 'BASE_BACKUP ' || quote_ident(application_name) AS what"
                        + " FROM pg_stat_replication WHERE state = 'backup'"
                        + " UNION ALL"
                        + " SELECT pid, usename, 'backup session ' || quote_ident(application_name)"
                        + " FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                        + " AND query ~* 'pg_(backup_start|start_backup)' AND query !~* 'pg_stat_activity'");
    }

    private List<HbaRule> hbaRules() {
        return new AccessFacts(session)
                .hbaRules()
                .orElseThrow(() -> UnderstudyException.of(
                                ErrorCode.PRIVILEGE_MISSING,
                                "pg_hba_file_rules() takes PostgreSQL 10 and the right to execute it")
                        .build());
    }

    private ContentSurvey contents(ServerSettings settings) {
        Known<ContentSurvey> contents = known(() -> new ContentSurveyor(session, conninfo, limit).survey(settings));
        return contents.value()
                .orElseGet(() -> new ContentSurvey(
                        Known.unknown(contents.reason()),
                        Known.unknown(contents.reason()),
                        Known.unknown(contents.reason()),
                        Known.unknown(contents.reason()),
                        List.of()));
    }
}
