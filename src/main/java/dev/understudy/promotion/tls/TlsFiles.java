package dev.understudy.promotion.tls;

import dev.understudy.postgres.Known;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a server's TLS settings name on its disk.
 *
 * @param files each file, and whether the server's account can use it
 * @param certificate the server's own certificate
 * @param keyBelongs whether the key is that certificate's
 * @param authorities the certificates in {@code ssl_ca_file}
 * @param revocationsDue when the list in {@code ssl_crl_file} ought to have been renewed; empty if there is none
 */
public record TlsFiles(
        List<TlsFile> files,
        Known<CertificateFacts> certificate,
        Known<Boolean> keyBelongs,
        List<CertificateFacts> authorities,
        Optional<Instant> revocationsDue) {
    public TlsFiles {
        files = List.copyOf(files);
        authorities = List.copyOf(authorities);
    }
}
