package dev.understudy.doctor.gather;

import dev.understudy.doctor.facts.Attempt;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Session;
import dev.understudy.server.SqlState;
import dev.understudy.server.connect.ConnectOptions;
import dev.understudy.server.connect.ResolvedConninfo;
import dev.understudy.server.facts.AccessFacts;
import dev.understudy.server.facts.BackupFacts;
import dev.understudy.server.facts.CatalogFacts;
import dev.understudy.server.facts.CatalogFacts.Collation;
import dev.understudy.server.facts.ControlFacts;
import dev.understudy.server.facts.ReplicationFacts;
import dev.understudy.server.facts.ReplicationFacts.WalReceiver;
import dev.understudy.server.facts.Role;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.facts.Setting;
import dev.understudy.server.slots.Slots;
import dev.understudy.server.survey.DoctorSurvey;
import dev.understudy.server.survey.VacuumSurvey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Asks a running server; every query has a limit, and what is refused is noted. */
final class ServerGatherer {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Settings that rules ask for. Others are left out: they may hold anything. */
    private static final Set<String> SETTINGS = Set.of(
            "archive_command",
            "archive_library",
            "archive_mode",
            "archive_timeout",
            "cluster_name",
            "data_checksums",
            "data_directory",
            "full_page_writes",
            "hot_standby",
            "hot_standby_feedback",
            "idle_replication_slot_timeout",
            "lc_messages",
            "listen_addresses",
            "log_destination",
            "log_directory",
            "log_filename",
            "log_line_prefix",
            "logging_collector",
            "max_connections",
            "max_locks_per_transaction",
            "max_prepared_transactions",
            "max_slot_wal_keep_size",
            "max_wal_size",
            "max_standby_archive_delay",
            "max_standby_streaming_delay",
            "max_wal_senders",
            "max_worker_processes",
            "port",
            "primary_conninfo",
            "primary_slot_name",
            "recovery_min_apply_delay",
            "recovery_target",
            "recovery_target_action",
            "recovery_target_lsn",
            "recovery_target_name",
            "recovery_target_time",
            "recovery_target_timeline",
            "recovery_target_xid",
            "restore_command",
            "shared_preload_libraries",
            "ssl",
            "synchronized_standby_slots",
            "synchronous_standby_names",
            "wal_keep_segments",
            "wal_keep_size",
            "wal_level",
            "wal_log_hints",
            "wal_receiver_timeout",
            "wal_segment_size",
            "wal_sender_timeout");

    private ServerGatherer() {}

    static Attempt ask(Conninfo conninfo) {
        try (Session session = Session.open(ResolvedConninfo.of(conninfo), ConnectOptions.QUERY)) {
            session.limitTo(LIMIT);
            return Attempt.of(view(session));
        } catch (UnderstudyException e) {
            return Attempt.failed(new Attempt.Failure(
                    e.code(), e.message(), Masking.text(e.detail().replace('\n', ' ')), String.join(" ", e.hints())));
        }
    }

    /**
     * Asks a primary once more, for the role that its standby logs in as.
     *
     * @param seen what became of the first time
     */
    static Attempt withFollower(Attempt seen, Conninfo conninfo, String role) {
        if (seen.view().isEmpty()) {
            return seen;
        }
        Known<Optional<Role>> follower = Looking.at(() -> {
            try (Session session = Session.open(ResolvedConninfo.of(conninfo), ConnectOptions.QUERY)) {
                session.limitTo(LIMIT);
                return new AccessFacts(session).role(role);
            }
        });
        return Attempt.of(seen.view().get().withFollower(follower));
    }

    private static ServerView view(Session session) {
        ServerFacts server = new ServerFacts(session);
        ReplicationFacts replication = new ReplicationFacts(session);
        DoctorSurvey survey = new DoctorSurvey(session);
        CatalogFacts catalog = new CatalogFacts(session);
        VacuumSurvey vacuum = new VacuumSurvey(session);
        return new ServerView(
                server.identity(),
                look(server::positions),
                look(() -> new ControlFacts(session).recovery()),
                look(() -> settings(server)),
                look(() -> new Slots(session).list()),
                look(replication::senders),
                look(() -> replication.receiver().map(ServerGatherer::masked)),
                look(replication::archiver),
                look(() -> new BackupFacts(session).walFiles()),
                look(() -> exclusiveBackup(session)),
                look(survey::backupSessions),
                look(() -> new AccessFacts(session).hbaRules())
                        .flatMap(rules -> rules.map(Known::of)
                                .orElseGet(() -> Known.unknown(
                                        session.major().isAtLeast(ServerMajor.V10)
                                                ? "the role may not execute pg_hba_file_rules()"
                                                : "9.6 does not tell"))),
                look(catalog::checksumFailures),
                look(() -> differing(catalog.collations())),
                look(survey::conflicts),
                look(server::tablespaces),
                look(survey::writeTransactions),
                look(vacuum::holders),
                look(vacuum::deadRows),
                Known.unknown("no standby logs in here, as far as is known"));
    }

    /** A server has hundreds of collations, of which only those matter whose library has changed. */
    private static List<Collation> differing(List<Collation> collations) {
        return collations.stream()
                .filter(collation -> !collation.recorded().equals(collation.actual()))
                .toList();
    }

    private static Map<String, Setting> settings(ServerFacts server) {
        Map<String, Setting> settings = new TreeMap<>();
        server.settings().forEach((name, setting) -> {
            if (SETTINGS.contains(name)) {
                settings.put(name, Masking.setting(setting));
            }
        });
        return settings;
    }

    /** The server masks what it shows of the receiver's connection string; versions before did not always. */
    private static WalReceiver masked(WalReceiver receiver) {
        return new WalReceiver(
                receiver.pid(),
                receiver.status(),
                receiver.startedAt(),
                receiver.flushed(),
                receiver.timeline(),
                receiver.lastMessage(),
                receiver.latestEnd(),
                receiver.slot(),
                receiver.senderHost(),
                receiver.senderPort(),
                Masking.conninfo(receiver.conninfo()));
    }

    private static Optional<String> exclusiveBackup(Session session) {
        return new BackupFacts(session)
                .exclusiveBackup()
                .map(backup -> backup.label()
                        .map(label -> new String(label, StandardCharsets.UTF_8))
                        .orElse(""));
    }

    private static <T> Known<T> look(Supplier<T> query) {
        try {
            return Known.of(query.get());
        } catch (UnderstudyException e) {
            String reason = Looking.reason(e);
            return Known.unknown(SqlState.of(e).equals("42501") ? "no permission" : reason);
        }
    }
}
