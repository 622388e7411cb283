package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.host.ShellQuote;
import java.util.List;

/** A host name in primary_conninfo that the standby's host does not know. */
public final class HostUnresolvedRule implements Rule {
    private static final String ID = "primary-host-unresolved";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return ReceiverFailure.find(facts, "host-unresolved")
                .map(failure -> {
                    Builder finding = failure.evidence(Finding.error(ID, "standby"));
                    String name = failure.event().value(0);
                    finding.remedy(Remedy.byHand(
                            "correct-host-name",
                            "Correct the name in primary_conninfo, or make the standby's host know it",
                            "getent hosts " + ShellQuote.quote(name),
                            Cost.SECONDS));
                    return List.of(finding.says("The standby's host does not know the name \"%s\"".formatted(name)));
                })
                .orElse(List.of());
    }
}
