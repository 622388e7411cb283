package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.error.ErrorCode;
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
        return ReceiverFailure.find(facts, List.of("no-such-role"), List.of(ErrorCode.ROLE_MISSING))
                .map(failure -> {
                    Builder finding = failure.evidence(Finding.error(ID, "standby"));
                    finding.remedy(ReceiverFailure.onPrimary(
                            "create-role",
                            "Make the role on the primary, with the standby's password",
                            "CREATE ROLE %s LOGIN REPLICATION;  -- then \\password"
                                    .formatted(ReceiverFailure.quoted(failure.role()))));
                    return List.of(finding.says(
                            "The primary has no role \"%s\", which the standby logs in as".formatted(failure.role())));
                })
                .orElse(List.of());
    }
}
