package dev.understudy.doctor.rule.configuration;

import dev.understudy.doctor.facts.Attempt;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.error.ErrorCode;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.survey.DoctorSurvey.LongTransaction;
import java.util.List;
import java.util.Optional;

/**
 * A standby that is consistent and cannot open yet, since a transaction on the primary has more than 64
 * subtransactions.
 */
public final class RecoverySnapshotRule implements Rule {
    private static final String ID = "recovery-snapshot-not-ready";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        boolean refused = facts.standby()
                .value()
                .filter(found -> found.failedWith(ErrorCode.SERVER_STARTING))
                .isPresent();
        boolean named = facts.standby()
                .value()
                .flatMap(Attempt::failure)
                .filter(failure -> failure.detail().contains("Recovery snapshot is not yet ready"))
                .isPresent();
        Optional<LogEvent> consistent = View.event(facts, "consistent")
                .filter(event -> View.event(facts, "ready").isEmpty());
        List<LongTransaction> open = View.primary(facts)
                .flatMap(view -> view.longTransactions().value())
                .orElse(List.of());
        boolean hidden = open.stream().allMatch(transaction -> transaction.subtransactions() < 0);
        List<LongTransaction> guilty = open.stream()
                .filter(transaction -> hidden || transaction.overflows())
                .toList();
        boolean waits = named || refused && consistent.isPresent() && !guilty.isEmpty();
        if (!waits) {
            return List.of();
        }
        Builder finding = Finding.error(ID, "standby")
                .seen(facts.standby()
                        .value()
                        .flatMap(Attempt::failure)
                        .map(failure ->
                                new Sign("connection to the standby", failure.message() + ": " + failure.detail())))
                .seen(consistent.map(event -> View.sign(facts, event)));
        guilty.forEach(transaction -> finding.seen(
                "pg_stat_activity of the primary",
                transaction.describe() + (hidden ? "; up to 15 the number of subtransactions is not told" : "")));
        guilty.stream()
                .findFirst()
                .ifPresent(transaction -> finding.remedy(Remedy.byHand(
                        "end-the-transaction",
                        "Commit that transaction on the primary, or end its session, which rolls it back",
                        "SELECT pg_terminate_backend(%d);  -- on the primary".formatted(transaction.pid()),
                        Cost.SECONDS)));
        return List.of(
                finding.remedy(Remedy.byHand(
                                "log-standby-snapshot",
                                "When it has ended, have the primary log a snapshot at once rather than at its next checkpoint",
                                View.major(facts)
                                                .filter(major -> !major.isAtLeast(ServerMajor.V16))
                                                .isPresent()
                                        ? "CHECKPOINT;  -- on the primary"
                                        : "SELECT pg_log_standby_snapshot();  -- on the primary",
                                Cost.SECONDS))
                        .says(
                                "The standby is consistent, and waits for transactions with more than 64 subtransactions to end"));
    }
}
