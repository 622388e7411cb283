package dev.understudy.server.survey;

import dev.understudy.postgres.Known;
import dev.understudy.server.facts.HbaRule;
import java.time.Duration;
import java.util.List;

/**
 * A running server looked over once.
 *
 * @param identity which server answered
 * @param settings the settings in force
 * @param role the role we are
 * @param wal slots, senders, archiver
 * @param storage sizes and tablespaces
 * @param backups backups that run
 * @param hbaRules pg_hba.conf as the server reads it, 10 and newer
 * @param contents libraries and collations
 * @param clockOffset the server's clock minus ours
 */
public record ServerSurvey(
        ServerIdentity identity,
        ServerSettings settings,
        RoleSurvey role,
        WalSurvey wal,
        StorageSurvey storage,
        BackupSurvey backups,
        Known<List<HbaRule>> hbaRules,
        ContentSurvey contents,
        Known<Duration> clockOffset) {}
