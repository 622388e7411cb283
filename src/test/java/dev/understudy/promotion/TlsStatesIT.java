package dev.understudy.promotion;

import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.PromotionPair.State;
import dev.understudy.promotion.check.Result;
import dev.understudy.server.connect.ResolvedConninfo;
import dev.understudy.server.connect.ServedCertificates;
import dev.understudy.testing.EmbeddedPostgres;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pair with TLS taken through the faults of certificates and keys. */
final class TlsStatesIT {
    private static final String ID = "tls-certificates";

    private PromotionPair pair;
    private Certificates certificates;

    @ParameterizedTest
    @MethodSource("dev.understudy.promotion.PromotionPair#newer")
    void eachFaultOfCertificatesIsFound(ServerMajor major) throws IOException {
        try (PromotionPair built = PromotionPair.of(major)) {
            pair = built;
            certificates = new Certificates(built.primary().scratch("tls"));
            certificates.rsa("good", 365, "db.example");
            certificates.of("wide", certificates.key("good"), 365, "db.example", "app.example");
            certificates.of("ending", certificates.key("good"), 3, "db.example");
            certificates.of("ended", certificates.key("good"), -1, "db.example");
            certificates.rsa("other", 365, "db.example");
            for (EmbeddedPostgres server : List.of(built.primary(), built.standby())) {
                server.configure(
                        "ssl = on",
                        "ssl_cert_file = '" + certificates.certificate(name(server)) + "'",
                        "ssl_key_file = '" + certificates.key(name(server)) + "'");
                serve(server, "good");
            }
            built.awaitCaughtUp();
            built.take(states());
        }
    }

    private String name(EmbeddedPostgres server) {
        return server == pair.primary() ? "primary" : "standby";
    }

    /** 9.6 reads certificates only when it starts. */
    private void apply(EmbeddedPostgres server) {
        if (server.major().isAtLeast(ServerMajor.V10)) {
            server.reload();
        } else {
            server.restart();
        }
    }

    /** A reload takes effect a moment after it was asked for: what is put in the file's place till then would be served. */
    private void serve(EmbeddedPostgres server, String certificate) throws IOException {
        certificates.install(name(server), certificate, "good");
        apply(server);
        X509Certificate installed = certificates.read(name(server));
        Awaitility.await("the certificate to be served")
                .ignoreExceptions()
                .until(() -> ServedCertificates.read(
                                ResolvedConninfo.of(Conninfo.parse(server.conninfo())), Duration.ofSeconds(5))
                        .get(0)
                        .equals(installed));
    }

    private List<State> states() {
        EmbeddedPostgres standby = pair.standby();
        return List.of(
                new State(
                        ID,
                        Result.FAIL,
                        "The certificate in ssl_cert_file has expired at",
                        () -> serve(standby, "ended"),
                        () -> serve(standby, "good")),
                new State(
                        ID,
                        Result.WARN,
                        "The certificate in ssl_cert_file expires in 2 d 23 h, at",
                        () -> serve(standby, "ending"),
                        () -> serve(standby, "good")),
                new State(
                        ID,
                        Result.WARN,
                        "The certificate that the server serves is not the one in ssl_cert_file",
                        () -> certificates.install("standby", "other", "other"),
                        () -> certificates.install("standby", "good", "good")),
                new State(
                        ID,
                        Result.FAIL,
                        "The key in ssl_key_file does not belong to the certificate in ssl_cert_file",
                        () -> certificates.install("standby", "good", "other"),
                        () -> certificates.install("standby", "good", "good")),
                new State(
                        ID,
                        Result.FAIL,
                        "has mode 0644: others may read it, so that the server refuses it",
                        () -> certificates.protect(certificates.key("standby"), "rw-r--r--"),
                        () -> certificates.protect(certificates.key("standby"), "rw-------")),
                new State(
                        ID,
                        Result.WARN,
                        "The primary's certificate is for app.example too, the standby's is not",
                        () -> serve(pair.primary(), "wide"),
                        () -> serve(pair.primary(), "good")),
                new State(
                        ID,
                        Result.FAIL,
                        "TLS is on at the primary and off at the standby: clients that insist on it are refused",
                        () -> {
                            standby.configure("ssl = off");
                            apply(standby);
                        },
                        () -> {}));
    }
}
