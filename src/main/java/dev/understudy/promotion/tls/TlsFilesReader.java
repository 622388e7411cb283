package dev.understudy.promotion.tls;

import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileStatus;
import dev.understudy.host.Host;
import dev.understudy.postgres.Known;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CRLException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Reads the files that a server's TLS settings name, as the account that the server runs as. The key is read to see
 * whether it belongs to the certificate, and forgotten.
 */
public final class TlsFilesReader {
    /** A bundle of all authorities of the world has some 200 kB. */
    private static final int MOST_BYTES = 4 << 20;

    private static final int OTHERS_MAY = 0077;
    private static final int OTHERS_MAY_OF_ROOTS = 0037;

    private final Host host;
    private final String dataDirectory;
    private final UnaryOperator<String> settings;
    private final List<TlsFile> files = new ArrayList<>();

    /**
     * @param host acting as the server's account
     * @param dataDirectory which relative names start from
     * @param settings gives the value of a setting, empty text if it has none
     */
    public TlsFilesReader(Host host, String dataDirectory, UnaryOperator<String> settings) {
        this.host = host;
        this.dataDirectory = dataDirectory;
        this.settings = settings;
    }

    public TlsFiles read() {
        Optional<byte[]> certificateFile = file("ssl_cert_file");
        Optional<byte[]> keyFile = file("ssl_key_file");
        Optional<byte[]> authorityFile = file("ssl_ca_file");
        Optional<byte[]> revocationFile = file("ssl_crl_file");
        List<X509Certificate> own = certificates("ssl_cert_file", certificateFile);
        Known<CertificateFacts> certificate = own.isEmpty()
                ? Known.unknown("ssl_cert_file holds no certificate that can be read")
                : Known.of(CertificateFacts.of(own.get(0)));
        Known<Boolean> belongs = own.isEmpty() || keyFile.isEmpty()
                ? Known.unknown("certificate and key could not both be read")
                : PemKey.belongs(keyFile.get(), own.get(0).getPublicKey());
        List<CertificateFacts> authorities = certificates("ssl_ca_file", authorityFile).stream()
                .map(CertificateFacts::of)
                .toList();
        return new TlsFiles(files, certificate, belongs, authorities, revocationFile.flatMap(this::revocationsDue));
    }

    private String path(String setting) {
        String value = settings.apply(setting);
        return value.startsWith("/") ? value : dataDirectory + "/" + value;
    }

    /** The bytes of a file, noting what is wrong with it; empty where the setting names none. */
    private Optional<byte[]> file(String setting) {
        if (settings.apply(setting).isEmpty()) {
            return Optional.empty();
        }
        String path = path(setting);
        try {
            byte[] bytes = host.files().read(path, MOST_BYTES);
            files.add(new TlsFile(setting, path, setting.equals("ssl_key_file") ? tooOpen(path) : ""));
            return Optional.of(bytes);
        } catch (UnderstudyException e) {
            files.add(new TlsFile(setting, path, e.message()));
            return Optional.empty();
        }
    }

    /** Source: {@code check_ssl_key_file_permissions} in {@code src/backend/libpq/be-secure-common.c}. */
    private String tooOpen(String path) {
        FileStatus status = host.files()
                .realPath(path)
                .flatMap(host.files()::status)
                .orElseThrow(() -> new IllegalStateException("a file was read that is not there"));
        if (status.uid() != 0 && status.uid() != host.account().uid()) {
            return "belongs to neither the server's account nor root";
        }
        int forbidden = status.uid() == 0 ? OTHERS_MAY_OF_ROOTS : OTHERS_MAY;
        return (status.mode() & forbidden) == 0
                ? ""
                : "has mode %04o: others may read it, so that the server refuses it".formatted(status.mode());
    }

    private List<X509Certificate> certificates(String setting, Optional<byte[]> bytes) {
        if (bytes.isEmpty()) {
            return List.of();
        }
        List<X509Certificate> found = new ArrayList<>();
        try {
            for (Certificate each : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem(bytes.get(), "CERTIFICATE")))) {
                found.add((X509Certificate) each);
            }
        } catch (CertificateException e) {
            note(setting, "holds what is no certificate: " + e.getMessage());
        }
        if (found.isEmpty() && files.stream().allMatch(file -> !file.setting().equals(setting) || file.isUsable())) {
            note(setting, "holds no certificate");
        }
        return found;
    }

    private Optional<Instant> revocationsDue(byte[] bytes) {
        try {
            X509CRL list = (X509CRL) CertificateFactory.getInstance("X.509")
                    .generateCRL(new ByteArrayInputStream(pem(bytes, "X509 CRL")));
            return Optional.ofNullable(list.getNextUpdate()).map(Date::toInstant);
        } catch (CertificateException | CRLException e) {
            note("ssl_crl_file", "holds no revocation list that can be read: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** The blocks of a kind alone: the files may hold text and other things between them. */
    private static byte[] pem(byte[] bytes, String kind) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        StringBuilder blocks = new StringBuilder();
        String begin = "-----BEGIN " + kind + "-----";
        String end = "-----END " + kind + "-----";
        for (int from = text.indexOf(begin); from >= 0; from = text.indexOf(begin, from + 1)) {
            int to = text.indexOf(end, from);
            if (to < 0) {
                break;
            }
            blocks.append(text, from, to + end.length()).append('\n');
        }
        return blocks.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private void note(String setting, String problem) {
        files.replaceAll(file -> file.setting().equals(setting) ? new TlsFile(setting, file.path(), problem) : file);
    }
}
