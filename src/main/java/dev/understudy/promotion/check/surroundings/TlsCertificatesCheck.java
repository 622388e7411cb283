package dev.understudy.promotion.check.surroundings;

import dev.understudy.host.ShellQuote;
import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.facts.SurroundingsFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.promotion.policy.SurroundingsThresholds;
import dev.understudy.promotion.tls.CertificateFacts;
import dev.understudy.promotion.tls.TlsFile;
import dev.understudy.promotion.tls.TlsFiles;
import dev.understudy.provision.preflight.check.Amount;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** TLS that lets the primary's clients in: files that the server can read, a key that fits, a certificate that holds. */
public final class TlsCertificatesCheck implements PromotionCheck {
    private static final String ID = "tls-certificates";
    private static final String RENEW =
            "Put a valid certificate with its key in place, then: SELECT pg_reload_conf(); (9.6: restart).";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID, facts.settings().standby().map(SettingValues::new), settings -> judge(facts, settings, policy));
    }

    private static CheckResult judge(PromotionFacts facts, SettingValues settings, Policy policy) {
        Known<SettingValues> primary = facts.settings().primary().map(SettingValues::new);
        CheckResult.Builder result = CheckResult.builder(ID).seen("ssl", settings.text("ssl"));
        primary.value().ifPresent(theirs -> result.seen("the primary's ssl", theirs.text("ssl")));
        if (settings.isOn("ssl")) {
            return new Judgement(facts.surroundings(), facts.examinedAt(), policy, result).judge();
        }
        String remedy = "Give the standby a certificate and a key, and set ssl = on.";
        return primary.map(theirs -> theirs.isOn("ssl")).is(true)
                ? result.fail(
                        "TLS is on at the primary and off at the standby: clients that insist on it are refused",
                        remedy)
                : result.warn("TLS is off", remedy);
    }

    private static final class Judgement {
        private final SurroundingsFacts facts;
        private final Instant now;
        private final Duration wanted;
        private final CheckResult.Builder result;
        private final Worst worst;

        Judgement(SurroundingsFacts facts, Instant now, Policy policy, CheckResult.Builder result) {
            this.facts = facts;
            this.now = now;
            this.wanted = policy.duration(SurroundingsThresholds.CERTIFICATE_LEFT);
            this.result = result;
            this.worst = new Worst(result);
        }

        CheckResult judge() {
            Known<CertificateFacts> onDisk = facts.tlsFiles().flatMap(TlsFiles::certificate);
            Known<CertificateFacts> served = facts.served()
                    .flatMap(found -> found.map(Known::of)
                            .orElseGet(() -> Known.unknown("the server answers that it does not do TLS")));
            if (!facts.tlsFiles().isKnown() && !facts.served().isKnown()) {
                return CheckResult.skipped(
                        ID,
                        "neither its files nor what it serves could be seen: "
                                + facts.served().reason());
            }
            facts.tlsFiles().value().ifPresent(this::files);
            if (!facts.tlsFiles().isKnown()) {
                result.seen("TLS files", "not looked at: " + facts.tlsFiles().reason());
            }
            onDisk.value().ifPresent(certificate -> certificate("ssl_cert_file", certificate));
            served.match(this::served, reason -> result.seen("SSLRequest", "no certificate seen: " + reason));
            if (facts.served().is(Optional.empty())) {
                worst.warn(
                        "ssl is on, yet the server answers that it does not do TLS",
                        "Look into its log, and what stands between here and it.");
            }
            compare(onDisk, served);
            names(served.isKnown() ? served : onDisk);
            return worst.orPass("The certificate is valid until "
                    + (served.isKnown() ? served : onDisk)
                            .map(CertificateFacts::notAfter)
                            .map(Instant::toString)
                            .orElse("an unknown time"));
        }

        private CheckResult.Builder served(CertificateFacts certificate) {
            certificate("SSLRequest", certificate);
            return result;
        }

        private void files(TlsFiles files) {
            for (TlsFile file : files.files()) {
                result.seen(
                        file.setting(), "\"%s\"%s".formatted(file.path(), file.isUsable() ? "" : " " + file.problem()));
                if (!file.isUsable()) {
                    worst.fail(
                            "The server cannot use its %s \"%s\": %s"
                                    .formatted(file.setting(), file.path(), file.problem()),
                            "Make it belong to the account that the server runs as, with mode 0600: ls -l %s"
                                    .formatted(ShellQuote.quote(file.path())));
                }
            }
            if (files.keyBelongs().is(false)) {
                result.seen("ssl_key_file", "does not sign what the certificate's public key verifies");
                worst.fail(
                        "The key in ssl_key_file does not belong to the certificate in ssl_cert_file: the server will not start with them",
                        RENEW);
            } else if (!files.keyBelongs().isKnown()) {
                result.seen("ssl_key_file", "not tried: " + files.keyBelongs().reason());
            }
            authorities(files);
            files.revocationsDue().ifPresent(due -> {
                result.seen("ssl_crl_file", "next update due " + due);
                if (now.isAfter(due)) {
                    worst.fail(
                            "The revocation list in ssl_crl_file is out of date since %s: every client certificate is refused"
                                    .formatted(due),
                            "Put the authority's current list in place, then: SELECT pg_reload_conf(); (9.6: restart).");
                }
            });
        }

        /** Clients' certificates are checked against them. */
        private void authorities(TlsFiles files) {
            List<CertificateFacts> expired = files.authorities().stream()
                    .filter(each -> each.isExpired(now))
                    .toList();
            expired.forEach(each ->
                    result.seen("ssl_ca_file", "%s has expired at %s".formatted(each.subject(), each.notAfter())));
            if (!expired.isEmpty()) {
                worst.warn(
                        "An authority in ssl_ca_file has expired: client certificates that it signed are refused",
                        "Put the authority's current certificate in place, then: SELECT pg_reload_conf(); (9.6: restart).");
            }
        }

        private void certificate(String source, CertificateFacts certificate) {
            result.seen(
                    source,
                    "%s for %s, valid from %s to %s"
                            .formatted(
                                    certificate.subject(),
                                    String.join(", ", certificate.names()),
                                    certificate.notBefore(),
                                    certificate.notAfter()));
            String which = source.equals("SSLRequest")
                    ? "The certificate that the server serves"
                    : "The certificate in " + source;
            if (certificate.isExpired(now)) {
                worst.fail("%s has expired at %s".formatted(which, certificate.notAfter()), RENEW);
            } else if (certificate.isEarly(now)) {
                worst.fail("%s is not valid before %s".formatted(which, certificate.notBefore()), RENEW);
            } else if (certificate.isExpired(now.plus(wanted))) {
                worst.warn(
                        "%s expires in %s, at %s"
                                .formatted(
                                        which,
                                        Amount.duration(Duration.between(now, certificate.notAfter())),
                                        certificate.notAfter()),
                        RENEW);
            }
        }

        private void compare(Known<CertificateFacts> onDisk, Known<CertificateFacts> served) {
            boolean differ = onDisk.isKnown()
                    && served.isKnown()
                    && !onDisk.map(CertificateFacts::fingerprint).equals(served.map(CertificateFacts::fingerprint));
            if (differ) {
                result.seen(
                        "SHA-256",
                        "on disk %s, served %s"
                                .formatted(
                                        onDisk.map(CertificateFacts::fingerprint)
                                                .orElse(""),
                                        served.map(CertificateFacts::fingerprint)
                                                .orElse("")));
                worst.warn(
                        "The certificate that the server serves is not the one in ssl_cert_file",
                        "Reload it, or look for what else answers there: SELECT pg_reload_conf(); (9.6: restart).");
            }
        }

        /** Clients that go on by the primary's name and verify it find another certificate there. */
        private void names(Known<CertificateFacts> own) {
            Optional<CertificateFacts> theirs = facts.primaryServed().value().flatMap(found -> found);
            if (theirs.isEmpty() || !own.isKnown()) {
                return;
            }
            List<String> here = own.map(CertificateFacts::names).orElse(List.of());
            List<String> lost = theirs.get().names().stream()
                    .filter(name -> !here.contains(name))
                    .toList();
            result.seen(
                    "the primary's certificate",
                    "for " + String.join(", ", theirs.get().names()));
            if (!lost.isEmpty()) {
                worst.warn(
                        "The primary's certificate is for %s too, the standby's is not: clients that follow the name with sslmode=verify-full are refused"
                                .formatted(String.join(", ", lost)),
                        "Let the authority sign a certificate with these names for the standby, or have clients use its own.");
            }
        }
    }
}
