package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.facts.Role;
import java.util.List;

/** A pg_hba.conf of the primary without a line for the standby. */
public final class HbaRejectsRule implements Rule {
    private static final String ID = "hba-rejects";

    /** What messages call a connection through the Unix socket. */
    private static final String SOCKET = "[local]";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return ReceiverFailure.find(facts, ID)
                .map(failure -> List.of(finding(facts, failure)))
                .orElse(List.of());
    }

    private static Finding finding(Facts facts, ReceiverFailure failure) {
        Builder finding = failure.evidence(Finding.error(ID, "standby"));
        String address = failure.event().value(0);
        finding.remedy(Remedy.byHand(
                "add-hba-line",
                "Add this line to the primary's pg_hba.conf, before any that rejects, and reload it",
                line(failure.role(), address, method(facts, failure)) + "\nSELECT pg_reload_conf();",
                Cost.SECONDS));
        return finding.says("The primary's pg_hba.conf does not admit role \"%s\" %s for replication"
                .formatted(failure.role(), address.equals(SOCKET) ? "through its Unix socket" : "from " + address));
    }

    private static String line(String role, String address, String method) {
        String name = ReceiverFailure.quoted(role);
        return address.equals(SOCKET)
                ? "local replication %s %s".formatted(name, method)
                : "host replication %s %s/%d %s".formatted(name, address, address.contains(":") ? 128 : 32, method);
    }

    /** SCRAM, unless the server is too old for it or the role's password is stored as MD5, which it would not accept. */
    private static String method(Facts facts, ReceiverFailure failure) {
        boolean unknown = View.major(facts)
                .filter(major -> !major.isAtLeast(ServerMajor.V10))
                .isPresent();
        boolean stored = failure.roleOnPrimary()
                .flatMap(Role::passwordKind)
                .filter("md5"::equals)
                .isPresent();
        return unknown || stored ? "md5" : "scram-sha-256";
    }
}
