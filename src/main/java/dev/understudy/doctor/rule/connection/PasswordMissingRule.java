package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.error.ErrorCode;
import java.util.List;

/** A role without a password, or a standby that has none to give. */
public final class PasswordMissingRule implements Rule {
    private static final String ID = "password-missing";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return ReceiverFailure.find(
                        facts,
                        List.of("password-none-assigned", "password-missing"),
                        List.of(ErrorCode.PASSWORD_MISSING))
                .map(failure -> {
                    Builder finding = failure.evidence(Finding.error(ID, "standby"));
                    finding.remedy(
                            failure.event().id().equals("password-missing")
                                    ? Remedy.byHand(
                                            "give-password",
                                            "Put the password into the password file of the standby's account",
                                            "echo 'HOST:PORT:replication:%s:PASSWORD' >> ~/.pgpass; chmod 0600 ~/.pgpass"
                                                    .formatted(failure.role()),
                                            Cost.SECONDS)
                                    : ReceiverFailure.onPrimary(
                                            "set-password",
                                            "Give the role a password, and the standby the same",
                                            "\\password %s".formatted(ReceiverFailure.quoted(failure.role()))));
                    return List.of(finding.says(
                            failure.event().id().equals("password-missing")
                                    ? "The standby has no password to give to its primary"
                                    : "Role \"%s\" has no password on the primary".formatted(failure.role())));
                })
                .orElse(List.of());
    }
}
