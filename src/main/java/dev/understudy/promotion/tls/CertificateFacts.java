package dev.understudy.promotion.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/**
 * A certificate.
 *
 * @param subject its subject, as RFC 2253 prints it
 * @param names host names and addresses that it is for, sorted; the common name where it lists none
 * @param notBefore from when on it is valid
 * @param notAfter until when it is valid
 * @param fingerprint SHA-256 of the whole, in hexadecimal
 */
public record CertificateFacts(
        String subject, List<String> names, Instant notBefore, Instant notAfter, String fingerprint) {
    private static final int DNS_NAME = 2;
    private static final int ADDRESS = 7;

    public CertificateFacts {
        names = List.copyOf(names);
    }

    public static CertificateFacts of(X509Certificate certificate) {
        return new CertificateFacts(
                certificate.getSubjectX500Principal().getName(),
                List.copyOf(names(certificate)),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                fingerprint(certificate));
    }

    /** Source: {@code pq_verify_peer_name_matches_certificate} in {@code fe-secure-common.c}. */
    private static Set<String> names(X509Certificate certificate) {
        Set<String> names = new TreeSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> each : alternatives == null ? List.<List<?>>of() : alternatives) {
                int kind = (Integer) each.get(0);
                if (kind == DNS_NAME || kind == ADDRESS) {
                    names.add(String.valueOf(each.get(1)));
                }
            }
            if (names.isEmpty()) {
                new LdapName(certificate.getSubjectX500Principal().getName())
                        .getRdns().stream()
                                .filter(part -> part.getType().equalsIgnoreCase("CN"))
                                .map(part -> String.valueOf(part.getValue()))
                                .forEach(names::add);
            }
        } catch (CertificateParsingException | InvalidNameException e) {
            // A certificate whose names cannot be read is for no name.
            return names;
        }
        return names;
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    public boolean isExpired(Instant now) {
        return now.isAfter(notAfter);
    }

    public boolean isEarly(Instant now) {
        return now.isBefore(notBefore);
    }
}
