package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Attempt;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.error.ErrorCode;
import dev.understudy.host.ShellQuote;
import java.util.List;
import java.util.Optional;

/** A primary that nobody answers for where the standby looks for it. */
public final class PrimaryUnreachableRule implements Rule {
    private static final String ID = "primary-unreachable";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<ReceiverFailure> failure = ReceiverFailure.find(facts, List.of("primary-refuses"), List.of())
                .filter(found -> !found.event().text().contains("FATAL"));
        Optional<Attempt.Failure> own = facts.primary()
                .value()
                .flatMap(Attempt::failure)
                .filter(found -> found.code() == ErrorCode.SERVER_UNREACHABLE);
        if (failure.isEmpty() && (own.isEmpty() || View.isStreaming(facts))) {
            return List.of();
        }
        Builder finding = Finding.error(ID, "primary");
        failure.ifPresent(found -> found.evidence(finding));
        own.ifPresent(found -> finding.seen("the doctor's own connection", found.message() + ": " + found.detail()));
        return List.of(finding.remedy(Remedy.byHand(
                        "reach-the-primary",
                        "See that the primary runs, listens on that address and port, and that no firewall is between",
                        "pg_isready -d " + ShellQuote.quote(facts.given().primaryOrWord()),
                        Cost.SECONDS))
                .says("Nobody answers where the primary should be"));
    }
}
