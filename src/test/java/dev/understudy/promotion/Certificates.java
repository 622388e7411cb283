package dev.understudy.promotion;

import dev.understudy.testing.Account;
import dev.understudy.testing.Required;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/** Makes self-signed certificates with openssl, in a directory that the servers' account owns. */
public final class Certificates {
    private final Path directory;

    public Certificates(Path directory) {
        Required.part("openssl", Files.isExecutable(Path.of("/usr/bin/openssl")), "there is no openssl; install it");
        this.directory = directory;
    }

    /** {@code NAME.crt} and {@code NAME.key}, an RSA key. */
    public Path rsa(String name, int days, String... hosts) {
        return make(
                name,
                days,
                List.of("-newkey", "rsa:2048", "-nodes", "-keyout", key(name).toString()),
                hosts);
    }

    /** The same with a key that is there. */
    public Path of(String name, Path key, int days, String... hosts) {
        return make(name, days, List.of("-key", key.toString()), hosts);
    }

    private Path make(String name, int days, List<String> key, String... hosts) {
        Path request = directory.resolve(name + ".csr");
        Path extensions = directory.resolve(name + ".ext");
        try {
            Files.writeString(extensions, "subjectAltName = DNS:" + String.join(",DNS:", hosts) + "\n");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        List<String> asking = new java.util.ArrayList<>(List.of("openssl", "req", "-new", "-subj", "/CN=" + name));
        asking.addAll(key);
        asking.addAll(List.of("-out", request.toString()));
        openssl(asking);
        String keyFile = key.get(key.size() - 1);
        openssl(List.of(
                "openssl",
                "x509",
                "-req",
                "-in",
                request.toString(),
                "-signkey",
                keyFile,
                "-days",
                Integer.toString(days),
                "-extfile",
                extensions.toString(),
                "-out",
                certificate(name).toString()));
        protect(Path.of(keyFile), "rw-------");
        Account.give(certificate(name));
        return certificate(name);
    }

    public void openssl(List<String> line) {
        Account.run(line, Map.of());
    }

    public Path certificate(String name) {
        return directory.resolve(name + ".crt");
    }

    public X509Certificate read(String name) {
        try (InputStream bytes = Files.newInputStream(certificate(name))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(bytes);
        } catch (IOException | CertificateException e) {
            throw new IllegalStateException("cannot read certificate " + name, e);
        }
    }

    public Path key(String name) {
        return directory.resolve(name + ".key");
    }

    /** Puts the certificate of one name and the key of another where a server looks for its own. */
    public void install(String server, String certificate, String key) throws IOException {
        Files.copy(certificate(certificate), certificate(server), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(key(key), key(server), StandardCopyOption.REPLACE_EXISTING);
        protect(key(server), "rw-------");
        Account.give(certificate(server));
    }

    public void protect(Path file, String mode) {
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        Account.give(file);
    }
}
