package dev.understudy.provision.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.request.PreflightRequest;
import dev.understudy.server.Session;
import dev.understudy.server.backup.BackupSession;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.PgBouncer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A primary that is reached through a real PgBouncer, however it lends sessions out. */
final class PoolerIT {
    private static EmbeddedPostgres primary;

    @BeforeAll
    static void startPrimary() {
        primary = EmbeddedPostgres.of(ServerMajor.V15).start();
    }

    @AfterAll
    static void stopPrimary() {
        if (primary != null) {
            primary.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedByThePreflightAndByTheBackup(PgBouncer.Mode mode) {
        PreflightRequest direct = PreflightIT.request(primary);
        assertThat(Preflight.run(direct).failures()).isEmpty();
        try (PgBouncer pooler = PgBouncer.start(primary, mode)) {
            Conninfo conninfo = Conninfo.parse(primary.conninfo()).with("port", Integer.toString(pooler.port()));
            try (Session session = Session.open(conninfo)) {
                assertThat(session.major()).as("it lets us in").isEqualTo(ServerMajor.V15);
            }

            PreflightReport report =
                    Preflight.run(PreflightRequest.of(conninfo, direct.target(), conninfo, direct.intent()));
            assertThat(report.failures())
                    .as("%s", report.results())
                    .extracting(PreflightResult::id)
                    .containsExactly("direct-connection", "replication-login");
            assertThat(report.failures().get(0).summary())
                    .startsWith("the connection goes through a connection pooler: log-in announced process ");
            assertThat(report.failures().get(1).hints())
                    .containsExactly("Replicate from the PostgreSQL server itself: a connection pooler carries no"
                            + " replication.");
            assertThatThrownBy(report::orThrow)
                    .isInstanceOfSatisfying(
                            UnderstudyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PREFLIGHT_FAILED));

            UnderstudyException backup = catchThrowableOfType(
                    UnderstudyException.class,
                    () -> BackupSession.open(conninfo).close());
            assertThat(backup.code()).isEqualTo(ErrorCode.POOLER_IN_THE_WAY);
            assertThat(backup.detail()).startsWith("Sign of it: log-in announced process ");
        }
    }
}
