package dev.understudy.doctor.facts;

import dev.understudy.doctor.facts.Facts.NotExamined;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.Tablespace;
import dev.understudy.server.facts.BackupFacts.WalFile;
import dev.understudy.server.facts.CatalogFacts.ChecksumFailures;
import dev.understudy.server.facts.CatalogFacts.Collation;
import dev.understudy.server.facts.ControlFacts;
import dev.understudy.server.facts.HbaRule;
import dev.understudy.server.facts.ReplicationFacts.Archiver;
import dev.understudy.server.facts.ReplicationFacts.WalReceiver;
import dev.understudy.server.facts.ReplicationFacts.WalSender;
import dev.understudy.server.facts.Role;
import dev.understudy.server.facts.ServerIdentity;
import dev.understudy.server.facts.Setting;
import dev.understudy.server.facts.WalPositions;
import dev.understudy.server.slots.ReplicationSlot;
import dev.understudy.server.survey.DoctorSurvey.Conflicts;
import dev.understudy.server.survey.DoctorSurvey.LongTransaction;
import dev.understudy.server.survey.VacuumSurvey.DeadRows;
import dev.understudy.server.survey.VacuumSurvey.XminHolder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A running server, seen through SQL. Each part is known or says why not; a role without a privilege sees less.
 *
 * @param identity who it is
 * @param positions where it is in the WAL
 * @param recovery what pg_control says of recovery
 * @param settings settings that rules ask for, secrets masked
 * @param slots its replication slots
 * @param senders its WAL senders
 * @param receiver its WAL receiver, empty if none runs
 * @param archiver what its archiver did
 * @param walFiles the files of its WAL directory
 * @param exclusiveBackup backup_label text of the exclusive backup that is open, empty text if the role may not read it;
 *     empty if none is open
 * @param backupSessions processes whose last statement started a base backup
 * @param hba lines of pg_hba.conf
 * @param checksumFailures databases with page checksum failures
 * @param collations collations whose library has another version than the one that indexes were built with
 * @param conflicts recovery conflicts by database
 * @param tablespaces those outside its data directory
 * @param xminHolders what keeps dead rows from being removed, the oldest first
 * @param deadRows tables with many dead rows, of the database that was asked
 * @param longTransactions write transactions that were open for long or have many subtransactions
 * @param follower of a primary: the role that the standby logs in as, empty if there is none of that name
 */
public record ServerView(
        ServerIdentity identity,
        Known<WalPositions> positions,
        Known<ControlFacts.Recovery> recovery,
        Known<Map<String, Setting>> settings,
        Known<List<ReplicationSlot>> slots,
        Known<List<WalSender>> senders,
        Known<Optional<WalReceiver>> receiver,
        Known<Archiver> archiver,
        Known<List<WalFile>> walFiles,
        Known<Optional<String>> exclusiveBackup,
        Known<List<LongTransaction>> backupSessions,
        Known<List<HbaRule>> hba,
        Known<List<ChecksumFailures>> checksumFailures,
        Known<List<Collation>> collations,
        Known<List<Conflicts>> conflicts,
        Known<List<Tablespace>> tablespaces,
        Known<List<LongTransaction>> longTransactions,
        Known<List<XminHolder>> xminHolders,
        Known<List<DeadRows>> deadRows,
        Known<Optional<Role>> follower) {

    /** The value of a setting; empty if it is not known. */
    public Optional<String> setting(String name) {
        return settings.value().map(all -> all.get(name)).map(Setting::value);
    }

    public Optional<ReplicationSlot> slot(String name) {
        return slots.value()
                .flatMap(all ->
                        all.stream().filter(slot -> slot.name().equals(name)).findFirst());
    }

    /** Whether a WAL segment is in the server's WAL directory; empty if that could not be listed. */
    public Optional<Boolean> hasSegment(String name) {
        return walFiles.value()
                .map(files -> files.stream().anyMatch(file -> file.name().equals(name)));
    }

    /** Where its WAL ends: what a primary has written, what a standby has received or replayed. */
    public Optional<Lsn> end() {
        return positions
                .value()
                .flatMap(found -> found.current().or(found::received).or(found::replayed));
    }

    public ServerView withFollower(Known<Optional<Role>> role) {
        return new ServerView(
                identity,
                positions,
                recovery,
                settings,
                slots,
                senders,
                receiver,
                archiver,
                walFiles,
                exclusiveBackup,
                backupSessions,
                hba,
                checksumFailures,
                collations,
                conflicts,
                tablespaces,
                longTransactions,
                xminHolders,
                deadRows,
                role);
    }

    void notExamined(String prefix, List<NotExamined> missing) {
        Facts.note(missing, prefix + "WAL positions", positions);
        Facts.note(missing, prefix + "pg_control", recovery);
        Facts.note(missing, prefix + "settings", settings);
        Facts.note(missing, prefix + "replication slots", slots);
        Facts.note(missing, prefix + "WAL senders", senders);
        Facts.note(missing, prefix + "WAL receiver", receiver);
        Facts.note(missing, prefix + "archiver", archiver);
        Facts.note(missing, prefix + "WAL directory", walFiles);
        Facts.note(missing, prefix + "exclusive backup", exclusiveBackup);
        Facts.note(missing, prefix + "pg_hba.conf", hba);
        Facts.note(missing, prefix + "page checksum failures", checksumFailures);
        Facts.note(missing, prefix + "collations", collations);
        Facts.note(missing, prefix + "recovery conflicts", conflicts);
        Facts.note(missing, prefix + "tablespaces", tablespaces);
        Facts.note(missing, prefix + "transactions", longTransactions);
        Facts.note(missing, prefix + "xmin horizon", xminHolders);
    }
}
