package dev.understudy.provision.preflight.check.wal;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.facts.ReplicationFacts.WalSender;
import dev.understudy.server.survey.ServerSurvey;
import java.util.List;

/** A check that max_wal_senders leaves room for the standby and for what the run itself streams. */
@CheckInfo(id = "wal-senders", summary = "A WAL sender is free for the standby")
public final class WalSendersCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary()
                .match(
                        primary ->
                                primary.wal().senders().match(senders -> judge(facts, primary, senders), this::skipped),
                        this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey primary, List<WalSender> senders) {
        long most = primary.settings().number("max_wal_senders").orElse(0L);
        int needed = facts.intent().walSendersNeeded();
        long free = most - senders.size();
        if (free >= needed) {
            return pass("%d of %d WAL senders are free, %d needed", free, most, needed);
        }
        PreflightResult result = fail(
                "%d of %d WAL senders are free on the primary, and %d %s needed",
                Math.max(0, free), most, needed, needed == 1 ? "is" : "are");
        for (WalSender sender : senders) {
            result = result.seen(sender.describe(), "pg_stat_replication");
        }
        return result.hint(
                "On the primary run: ALTER SYSTEM SET max_wal_senders = %d; then restart it.", most + needed + 2);
    }
}
