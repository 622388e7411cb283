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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A primary that nobody answers for where the standby looks for it, or that refuses for a reason without a rule of its own. */
public final class PrimaryUnreachableRule implements Rule {
    private static final String ID = "primary-unreachable";
    private static final String REFUSES = "primary-refuses";

    /** What the primary itself says, inside of what the standby logs, in whatever language. */
    private static final Pattern REFUSAL = Pattern.compile("\\p{Lu}{4,}:  (.*)$");

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<ReceiverFailure> failure = ReceiverFailure.find(facts, REFUSES);
        Optional<Attempt.Failure> own = facts.primary()
                .value()
                .flatMap(Attempt::failure)
                .filter(found -> found.code() == ErrorCode.SERVER_UNREACHABLE);
        // Where the standby itself came through to its primary, that the doctor does not is the doctor's own trouble.
        boolean reached = View.isStreaming(facts) || ReceiverFailure.isAnswered(facts);
        if (failure.isEmpty() && (own.isEmpty() || reached)) {
            return List.of();
        }
        Builder finding = Finding.error(ID, "primary");
        failure.ifPresent(found -> found.evidence(finding));
        own.ifPresent(found -> finding.seen("the doctor's own connection", found.message() + ": " + found.detail()));
        Optional<String> refusal =
                failure.flatMap(found -> refusal(found.event().text()));
        return List.of(
                refusal.isPresent()
                        ? refused(finding, refusal.get())
                        : silent(facts, finding, own.isPresent() || failure.isEmpty()));
    }

    private static Optional<String> refusal(String text) {
        Matcher matcher = REFUSAL.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
    }

    private static Finding refused(Builder finding, String message) {
        return finding.remedy(Remedy.byHand(
                        "heed-the-refusal",
                        "See to what the primary's message says; this shows who holds its connections",
                        "SELECT usename, application_name, client_addr, state FROM pg_stat_activity;",
                        Cost.SECONDS))
                .says("The primary refuses the standby's connection: " + message);
    }

    private static Finding silent(Facts facts, Builder finding, boolean byOwnWord) {
        return finding.remedy(Remedy.byHand(
                        "reach-the-primary",
                        "See that the primary runs, listens on that address and port, and that no firewall is between",
                        "pg_isready -d " + ShellQuote.quote(facts.given().primaryOrWord()),
                        Cost.SECONDS))
                .says(
                        byOwnWord
                                ? "Nobody answers where the primary should be"
                                : "Nobody answers where the standby looks for its primary");
    }
}
