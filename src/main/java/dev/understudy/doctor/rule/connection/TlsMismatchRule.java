package dev.understudy.doctor.rule.connection;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import java.util.List;

/** A connection that one side wants encrypted, or verified, and the other cannot give. */
public final class TlsMismatchRule implements Rule {
    private static final String ID = "tls-mismatch";

    /**
     * One kind of disagreement.
     *
     * @param words what its message holds, in libpq's own language
     */
    private record Kind(String words, String summary, String description, String command) {}

    private static final List<Kind> KINDS = List.of(
            new Kind(
                    "server does not support SSL",
                    "The standby wants TLS, which the primary does not speak",
                    "Switch TLS on at the primary, or correct sslmode in primary_conninfo",
                    "ALTER SYSTEM SET ssl = on; SELECT pg_reload_conf();  -- on the primary, with a certificate"),
            new Kind(
                    "root certificate file",
                    "The standby has no root certificate to verify the primary's with",
                    "Put the authority's certificate where the message says, or name it by sslrootcert in primary_conninfo",
                    "install -m 0644 root.crt ~/.postgresql/root.crt  -- as the standby's account"),
            new Kind(
                    "certificate verify failed",
                    "The primary's certificate is of no authority that the standby trusts",
                    "Correct sslrootcert in primary_conninfo, or have the primary's certificate signed by that authority",
                    "openssl s_client -starttls postgres -showcerts -connect HOST:PORT"),
            new Kind(
                    "server certificate for",
                    "The primary's certificate is not for the host name that the standby connects to",
                    "Connect by a name that the certificate has, or give the primary a certificate with this one",
                    "openssl s_client -starttls postgres -showcerts -connect HOST:PORT"),
            new Kind(
                    "requires a valid client certificate",
                    "The primary asks for a client certificate, which the standby does not have",
                    "Give the standby's account a certificate, in ~/.postgresql or by sslcert and sslkey in"
                            + " primary_conninfo, or correct the primary's pg_hba.conf",
                    "ls -l ~/.postgresql/postgresql.crt ~/.postgresql/postgresql.key  -- as the standby's account"),
            ofClient("certificate file \""),
            ofClient("private key"));

    /** Behind the root certificate, whose file is one, too. */
    private static Kind ofClient(String words) {
        return new Kind(
                words,
                "The standby cannot use its client certificate",
                "Let the standby's account read its certificate and key, or name others by sslcert and sslkey in"
                        + " primary_conninfo",
                "ls -l ~/.postgresql  -- as the standby's account; the key's mode is 0600");
    }

    private static final Kind OTHER = new Kind(
            "",
            "Standby and primary do not agree about TLS",
            "Correct the ssl settings of the primary, or those in primary_conninfo",
            "SELECT name, setting FROM pg_settings WHERE name LIKE 'ssl%';  -- on the primary");

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return ReceiverFailure.find(facts, ID)
                .map(failure -> {
                    Kind kind = KINDS.stream()
                            .filter(each -> failure.event().text().contains(each.words()))
                            .findFirst()
                            .orElse(OTHER);
                    Builder finding = failure.evidence(Finding.error(ID, "standby"));
                    finding.remedy(Remedy.byHand("agree-on-tls", kind.description(), kind.command(), Cost.SECONDS));
                    return List.of(finding.says(kind.summary()));
                })
                .orElse(List.of());
    }
}
