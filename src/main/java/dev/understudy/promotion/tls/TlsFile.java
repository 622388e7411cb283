package dev.understudy.promotion.tls;

/**
 * A file that a server's TLS settings name.
 *
 * @param setting such as {@code ssl_cert_file}
 * @param path where it is, absolute
 * @param problem why the server's account cannot use it, for people; empty text if it can
 */
public record TlsFile(String setting, String path, String problem) {
    public boolean isUsable() {
        return problem.isEmpty();
    }
}
