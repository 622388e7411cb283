package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import java.util.List;

/** A standby that has no password to give, or a role that has none to compare with. */
public final class PasswordMissingRule implements Rule {
    private static final String ID = "password-missing";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return ReceiverFailure.find(facts, "password-missing")
                .map(PasswordMissingRule::noneToGive)
                // "User … has no password assigned" stands in the primary's log alone; its catalogue says the same.
                .or(() -> ReceiverFailure.find(facts, "password-wrong")
                        .filter(ReceiverFailure::hasNoPassword)
                        .map(PasswordMissingRule::noneAssigned))
                .map(List::of)
                .orElse(List.of());
    }

    private static Finding noneToGive(ReceiverFailure failure) {
        Builder finding = failure.evidence(Finding.error(ID, "standby"));
        finding.remedy(Remedy.byHand(
                "give-password",
                "Put the password into the password file of the standby's account",
                "echo '%s:%s:replication:%s:PASSWORD' >> ~/.pgpass; chmod 0600 ~/.pgpass"
                        .formatted(failure.option("host", "localhost"), failure.option("port", "5432"), failure.role()),
                Cost.SECONDS));
        return finding.says("The standby has no password to give to its primary");
    }

    private static Finding noneAssigned(ReceiverFailure failure) {
        Builder finding = failure.evidence(Finding.error(ID, "standby"));
        finding.seen("pg_authid of the primary", "role \"%s\" has no password assigned".formatted(failure.role()));
        finding.remedy(ReceiverFailure.onPrimary(
                "set-password",
                "Give the role a password, and the standby the same",
                "\\password %s".formatted(ReceiverFailure.quoted(failure.role()))));
        return finding.says("Role \"%s\" has no password on the primary".formatted(failure.role()));
    }
}
