package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.error.ErrorCode;
import java.util.List;

/** A role that may log in and may not stream. */
public final class RoleNotReplicationRule implements Rule {
    private static final String ID = "role-not-replication";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return ReceiverFailure.find(facts, List.of("not-replication"), List.of(ErrorCode.ROLE_NOT_REPLICATION))
                .map(failure -> {
                    Builder finding = failure.evidence(Finding.error(ID, "standby"));
                    String role = ReceiverFailure.quoted(failure.role());
                    finding.remedy(ReceiverFailure.onPrimary(
                            "grant-replication",
                            "Let the role use replication",
                            "ALTER ROLE %s REPLICATION;".formatted(role)));
                    return List.of(finding.says("The role that the standby logs in as may not use replication"));
                })
                .orElse(List.of());
    }
}
