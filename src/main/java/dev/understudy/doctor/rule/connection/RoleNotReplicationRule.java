package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.rule.Rule;
import java.util.List;

/** A role that may log in and may not stream, or may not even log in. */
public final class RoleNotReplicationRule implements Rule {
    private static final String ID = "role-not-replication";
    private static final String LOGIN_DENIED = "login-denied";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return ReceiverFailure.find(facts, "not-replication", LOGIN_DENIED)
                .map(failure -> {
                    Builder finding = failure.evidence(Finding.error(ID, "standby"));
                    boolean denied = failure.event().id().equals(LOGIN_DENIED);
                    finding.remedy(ReceiverFailure.onPrimary(
                            "grant-replication",
                            "Let the role use replication",
                            "ALTER ROLE %s %sREPLICATION;"
                                    .formatted(ReceiverFailure.quoted(failure.role()), denied ? "LOGIN " : "")));
                    return List.of(finding.says("Role \"%s\", which the standby logs in as, may not %s"
                            .formatted(failure.role(), denied ? "log in" : "use replication")));
                })
                .orElse(List.of());
    }
}
