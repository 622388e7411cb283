package dev.understudy.doctor.rule.backup;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.postgres.Known;
import dev.understudy.server.survey.DoctorSurvey.LongTransaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A standby that streams and never opens: it was copied during a backup that nobody has stopped, so the end-of-backup
 * record that marks its consistency was never written. Stopping the backup lets it open, without any copying.
 */
public final class BackupNeverStoppedRule implements Rule {
    private static final String ID = "backup-never-stopped";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return OpenBackup.of(facts)
                .filter(backup -> backup.fate() == OpenBackup.Fate.OPEN)
                .map(backup -> List.of(finding(facts, backup)))
                .orElse(List.of());
    }

    private static Finding finding(Facts facts, OpenBackup backup) {
        Finding.Builder finding = backup.evidence(Finding.error(ID, "standby"));
        if (backup.isExclusive()) {
            exclusive(facts, backup, finding);
        } else {
            sessions(backup.primary().map(ServerView::backupSessions).orElse(Known.of(List.of())), finding);
        }
        String held = backup.primary().isPresent()
                ? "is still open on the primary"
                : "was not stopped as far as the WAL at hand goes";
        return finding.says("The standby waits for the end of the backup that started at %s, which %s"
                .formatted(backup.startLsn(), held));
    }

    private static void exclusive(Facts facts, OpenBackup backup, Finding.Builder finding) {
        backup.primary()
                .ifPresent(view -> finding.seen("pg_is_in_backup()", "an exclusive backup is open on the primary"));
        View.primary(facts)
                .flatMap(view -> view.exclusiveBackup().value())
                .flatMap(found -> found)
                .filter(text -> !text.isEmpty())
                .ifPresent(text -> finding.seen(
                        "backup_label on the primary", text.lines().findFirst().orElse("")));
        Map<String, String> parameters = new TreeMap<>();
        parameters.put("primary", facts.given().primaryOrWord());
        parameters.put("data_directory", facts.given().dataDirectoryOrWord());
        parameters.put("start_lsn", backup.startLsn().toString());
        if (!facts.given().host().equals("local")) {
            parameters.put("standby_host", facts.given().host());
        }
        finding.remedy(Remedy.byPlaybook(
                "stop-exclusive-backup",
                "Stop the backup on the primary and watch the standby become consistent; nothing is copied",
                "repair-backup",
                parameters,
                Cost.SECONDS));
    }

    private static void sessions(Known<List<LongTransaction>> sessions, Finding.Builder finding) {
        Optional<LongTransaction> first = sessions.orElse(List.of()).stream().findFirst();
        sessions.orElse(List.of())
                .forEach(session -> finding.seen(
                        "pg_stat_activity of the primary", session.describe() + ": " + session.statement()));
        first.ifPresent(session -> finding.remedy(Remedy.byHand(
                "stop-backup-in-its-session",
                "Have the session that started the backup stop it; no other session can",
                "SELECT * FROM pg_backup_stop();  -- pg_stop_backup(false) up to 14, in the session of process "
                        + session.pid(),
                Cost.SECONDS)));
    }
}
