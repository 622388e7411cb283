package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.error.ErrorCode;
import java.util.List;

/** A connection that one side wants encrypted, or verified, and the other cannot give. */
public final class TlsMismatchRule implements Rule {
    private static final String ID = "tls-mismatch";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return ReceiverFailure.find(facts, List.of("tls-mismatch"), List.of(ErrorCode.TLS_MISMATCH))
                .map(failure -> {
                    Builder finding = failure.evidence(Finding.error(ID, "standby"));
                    finding.remedy(Remedy.byHand(
                            "agree-on-tls",
                            "Switch TLS on at the primary, or correct sslmode and sslrootcert in primary_conninfo",
                            "ALTER SYSTEM SET ssl = on; SELECT pg_reload_conf();  -- on the primary, with a certificate",
                            Cost.SECONDS));
                    return List.of(finding.says("Standby and primary do not agree about TLS: %s"
                            .formatted(failure.event().text())));
                })
                .orElse(List.of());
    }
}
