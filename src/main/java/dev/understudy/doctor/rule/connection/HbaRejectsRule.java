package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.error.ErrorCode;
import java.util.List;

/** A pg_hba.conf of the primary without a line for the standby. */
public final class HbaRejectsRule implements Rule {
    private static final String ID = "hba-rejects";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return ReceiverFailure.find(facts, List.of("hba-rejects"), List.of(ErrorCode.HBA_REJECTS))
                .map(failure -> {
                    Builder finding = failure.evidence(Finding.error(ID, "standby"));
                    String address = failure.event().value(0);
                    String line = "host replication %s %s/%d scram-sha-256"
                            .formatted(
                                    ReceiverFailure.quoted(failure.role()), address, address.contains(":") ? 128 : 32);
                    finding.remedy(Remedy.byHand(
                            "add-hba-line",
                            "Add this line to the primary's pg_hba.conf, before any that rejects, and reload it",
                            line + "\nSELECT pg_reload_conf();",
                            Cost.SECONDS));
                    return List.of(
                            finding.says("The primary's pg_hba.conf does not admit role \"%s\" from %s for replication"
                                    .formatted(failure.role(), failure.event().value(0))));
                })
                .orElse(List.of());
    }
}
