package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.error.ErrorCode;
import java.util.List;

/** A password that the primary does not accept. */
public final class PasswordWrongRule implements Rule {
    private static final String ID = "password-wrong";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return ReceiverFailure.find(facts, List.of("password-wrong"), List.of(ErrorCode.PASSWORD_WRONG))
                .map(failure -> {
                    Builder finding = failure.evidence(Finding.error(ID, "standby"));
                    finding.remedy(Remedy.byHand(
                            "correct-password",
                            "Correct the password in primary_conninfo or in the password file of the standby's account",
                            "\\password %s  -- on the primary; then ~/.pgpass on the standby"
                                    .formatted(ReceiverFailure.quoted(failure.role())),
                            Cost.SECONDS));
                    return List.of(finding.says("The primary does not accept the standby's password for role \"%s\""
                            .formatted(failure.role())));
                })
                .orElse(List.of());
    }
}
