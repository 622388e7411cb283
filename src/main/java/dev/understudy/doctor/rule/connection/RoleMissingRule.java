package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.rule.Rule;
import java.util.List;

/** A role in primary_conninfo that the primary does not have. */
public final class RoleMissingRule implements Rule {
    private static final String ID = "role-missing";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return ReceiverFailure.find(facts, "no-such-role")
                // Who is asked for a password is not told that the role is missing; the primary's catalogue tells.
                .or(() -> ReceiverFailure.find(facts, "password-wrong").filter(ReceiverFailure::isRoleMissing))
                .map(failure -> List.of(finding(failure)))
                .orElse(List.of());
    }

    private static Finding finding(ReceiverFailure failure) {
        Builder finding = failure.evidence(Finding.error(ID, "standby"));
        if (failure.isRoleMissing()) {
            finding.seen("pg_roles of the primary", "has no role \"%s\"".formatted(failure.role()));
        }
        finding.remedy(ReceiverFailure.onPrimary(
                "create-role",
                "Make the role on the primary, with the standby's password",
                "CREATE ROLE %s LOGIN REPLICATION;  -- then \\password"
                        .formatted(ReceiverFailure.quoted(failure.role()))));
        return finding.says("The primary has no role \"%s\", which the standby logs in as".formatted(failure.role()));
    }
}
