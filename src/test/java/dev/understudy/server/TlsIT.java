package dev.understudy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Certificates;
import dev.understudy.testing.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** TLS as libpq's options ask for it. */
final class TlsIT {
    @Test
    void theServersCertificateIsVerifiedAsAskedFor() throws IOException {
        Certificates.require();
        try (EmbeddedPostgres server =
                EmbeddedPostgres.of(ServerMajor.V15).withSetting("ssl", "on").initialize()) {
            Path own = Certificates.make(server.dataDirectory(), "server");
            Path other = Certificates.make(server.scratch("other"), "other");
            server.start();
            String tls = server.conninfo().replace("host=127.0.0.1", "host=localhost hostaddr=127.0.0.1");
            assertThat(encrypted(tls + " sslmode=require")).isTrue();
            assertThat(encrypted(tls + " sslmode=verify-full sslrootcert=" + own))
                    .isTrue();
            assertThat(encrypted(tls + " sslmode=disable")).isFalse();
            assertThat(version(tls + " sslmode=require ssl_max_protocol_version=TLSv1.2"))
                    .isEqualTo("TLSv1.2");
            assertThat(version(tls + " sslmode=require ssl_min_protocol_version=tlsv1.3 sslrootcert=" + own))
                    .isEqualTo("TLSv1.3");
            assertThat(failure(tls + " sslmode=require ssl_max_protocol_version=TLSv1.1"))
                    .isEqualTo(ErrorCode.CONNINFO_UNSUPPORTED);
            assertThat(failure(tls + " sslmode=require sslcertmode=require")).isEqualTo(ErrorCode.CONNINFO_UNSUPPORTED);
            assertThat(failure(
                            tls + " sslmode=require ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2"))
                    .isEqualTo(ErrorCode.CONNINFO_INVALID);
            assertThat(failure(tls + " sslmode=verify-ca sslrootcert=" + other)).isEqualTo(ErrorCode.TLS_MISMATCH);
            // libpq: with a root certificate, "require" verifies too.
            assertThat(failure(tls + " sslmode=require sslrootcert=" + other)).isEqualTo(ErrorCode.TLS_MISMATCH);
            assertThat(failure(tls.replace("localhost", "elsewhere") + " sslmode=verify-full sslrootcert=" + own))
                    .isEqualTo(ErrorCode.TLS_MISMATCH);
        }
    }

    private static boolean encrypted(String conninfo) {
        try (Session session = Session.open(Conninfo.parse(conninfo))) {
            return session.one(row -> row.flag("ssl"), "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
        }
    }

    private static String version(String conninfo) {
        try (Session session = Session.open(Conninfo.parse(conninfo))) {
            return session.one(
                    row -> row.text("v"), "SELECT version AS v FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
        }
    }

    private static ErrorCode failure(String conninfo) {
        return catchThrowableOfType(
                        UnderstudyException.class,
                        () -> Session.open(Conninfo.parse(conninfo)).close())
                .code();
    }
}
