package dev.understudy.promotion.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.understudy.doctor.gather.FactsGatherer;
import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import dev.understudy.postgres.Known;
import dev.understudy.promotion.Certificates;
import dev.understudy.testing.Account;
import dev.understudy.testing.SshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads certificates and keys as openssl writes them. */
final class TlsFilesReaderIT {
    @TempDir
    Path directory;

    private final Map<String, String> settings = new HashMap<>();

    private TlsFiles read(Host host) {
        return new TlsFilesReader(host, directory.toString(), name -> settings.getOrDefault(name, "")).read();
    }

    private TlsFiles read(String certificate, String key) {
        settings.put("ssl_cert_file", certificate + ".crt");
        settings.put("ssl_key_file", key + ".key");
        Account.give(directory);
        try (Host host = Hosts.local()) {
            return read(FactsGatherer.asOwner(host, directory.toString()));
        }
    }

    @Test
    void everyKindOfKeyIsTriedOnItsCertificateAndOnAnothers() throws IOException {
        Certificates certificates = new Certificates(directory);
        certificates.rsa("rsa", 365, "a.example", "b.example");
        certificates.openssl(
                List.of("openssl", "rsa", "-traditional", "-in", path("rsa.key"), "-out", path("pkcs1.key")));
        certificates.openssl(List.of("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-out", path("sec1.key")));
        certificates.of("sec1", certificates.key("sec1"), 365, "c.example");
        certificates.openssl(List.of("openssl", "genpkey", "-algorithm", "ed25519", "-out", path("ed.key")));
        certificates.of("ed", certificates.key("ed"), 365, "d.example");
        certificates.openssl(List.of(
                "openssl",
                "pkey",
                "-in",
                path("rsa.key"),
                "-aes256",
                "-passout",
                "pass:x",
                "-out",
                path("locked.key")));
        certificates.protect(certificates.key("pkcs1"), "rw-------");
        certificates.protect(certificates.key("locked"), "rw-------");

        assertThat(Files.readString(certificates.key("pkcs1"))).contains("BEGIN RSA PRIVATE KEY");
        assertThat(Files.readString(certificates.key("sec1"))).contains("BEGIN EC PARAMETERS", "BEGIN EC PRIVATE KEY");
        assertThat(read("rsa", "rsa").keyBelongs()).isEqualTo(Known.of(true));
        assertThat(read("rsa", "pkcs1").keyBelongs()).isEqualTo(Known.of(true));
        assertThat(read("sec1", "sec1").keyBelongs()).isEqualTo(Known.of(true));
        assertThat(read("ed", "ed").keyBelongs()).isEqualTo(Known.of(true));
        for (String wrong : List.of("sec1", "ed")) {
            assertThat(read("rsa", wrong).keyBelongs()).as(wrong).isEqualTo(Known.of(false));
        }
        assertThat(read("sec1", "pkcs1").keyBelongs()).isEqualTo(Known.of(false));
        assertThat(read("rsa", "locked").keyBelongs()).isEqualTo(Known.unknown("the key has a passphrase"));
        CertificateFacts certificate = read("rsa", "rsa").certificate().value().orElseThrow();
        assertThat(certificate.subject()).isEqualTo("CN=rsa");
        assertThat(certificate.names()).containsExactly("a.example", "b.example");
    }

    @Test
    void authoritiesAndRevocationListsAreRead() throws IOException {
        Certificates certificates = new Certificates(directory);
        certificates.rsa("ca", 365, "ca.example");
        certificates.of("old", certificates.key("ca"), -1, "old.example");
        Files.writeString(directory.resolve("ca.cnf"), """
                [ca]
                default_ca = d
                [d]
                database = %1$s/index.txt
                default_md = sha256
                """.formatted(directory));
        Files.writeString(directory.resolve("index.txt"), "");
        certificates.openssl(List.of(
                "openssl",
                "ca",
                "-gencrl",
                "-crldays",
                "7",
                "-config",
                path("ca.cnf"),
                "-keyfile",
                path("ca.key"),
                "-cert",
                path("ca.crt"),
                "-out",
                path("ca.crl")));
        Files.writeString(
                directory.resolve("both.pem"),
                "A bundle\n" + Files.readString(directory.resolve("ca.crt")) + "and\n"
                        + Files.readString(directory.resolve("old.crt")));
        settings.put("ssl_ca_file", path("both.pem"));
        settings.put("ssl_crl_file", "ca.crl");

        TlsFiles files = read("ca", "ca");

        assertThat(files.files()).allMatch(TlsFile::isUsable).hasSize(4);
        assertThat(files.authorities())
                .extracting(CertificateFacts::subject, each -> each.isExpired(Instant.now()))
                .containsExactly(tuple("CN=ca", false), tuple("CN=old", true));
        assertThat(files.revocationsDue().orElseThrow())
                .isBetween(Instant.now().plusSeconds(6 * 86_400), Instant.now().plusSeconds(8 * 86_400));
    }

    @Test
    void whatCannotBeUsedSaysWhy() throws IOException {
        Files.writeString(directory.resolve("empty.crt"), "no certificate\n");

        TlsFiles files = read("empty", "missing");

        assertThat(files.files()).extracting(TlsFile::problem).first().isEqualTo("holds no certificate");
        assertThat(files.files())
                .extracting(TlsFile::problem)
                .last()
                .asString()
                .startsWith("could not read file \"%s/missing.key\" on host \"local\"".formatted(directory))
                .endsWith(": no such file or directory");
        assertThat(files.keyBelongs().isKnown()).isFalse();
    }

    @Test
    void anotherMachinesFilesAreReadOverSsh() throws Exception {
        Certificates certificates = new Certificates(directory);
        certificates.rsa("rsa", 365, "a.example");
        settings.put("ssl_cert_file", "rsa.crt");
        settings.put("ssl_key_file", "rsa.key");
        try (SshServer sshd = SshServer.start(Files.createDirectory(directory.resolve("sshd")));
                Host host = Hosts.open(sshd.address(), sshd.options())) {
            TlsFiles files = read(host);

            assertThat(files.keyBelongs()).isEqualTo(Known.of(true));
        }
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }
}
