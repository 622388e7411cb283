package dev.understudy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.replication.ReplicationSession;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Each reason why a connection fails is told apart, on the oldest and the newest major. */
@ParameterizedClass
@ValueSource(strings = {"9.6", "18"})
final class ConnectionFailuresIT {
    private static EmbeddedPostgres server;

    private final String major;

    ConnectionFailuresIT(String major) {
        this.major = major;
    }

    @BeforeParameterizedClassInvocation
    static void startServer(String major) {
        server = EmbeddedPostgres.of(ServerMajor.parse(major))
                .withSetting("max_connections", "7")
                .withSetting("superuser_reserved_connections", "2")
                .withSetting("max_wal_senders", "2")
                .start();
        server.execute(
                "create role secretive login password 'right'",
                "create role outsider login",
                "create role nologin nologin",
                "create role plain login",
                "create role crowded login connection limit 1");
        String method = ServerMajor.parse(major).isAtLeast(ServerMajor.V10) ? "scram-sha-256" : "md5";
        server.admit(
                "local all all peer",
                "host all outsider 127.0.0.1/32 reject",
                "host all secretive 127.0.0.1/32 " + method,
                "host all all 127.0.0.1/32 trust",
                "host replication plain 127.0.0.1/32 trust");
        server.reload();
    }

    @AfterParameterizedClassInvocation
    static void stopServer() {
        server.close();
    }

    private static UnderstudyException failure(String conninfo) {
        return catchThrowableOfType(
                UnderstudyException.class,
                () -> Session.open(Conninfo.parse(conninfo)).close());
    }

    private static String as(String user) {
        return "host=127.0.0.1 port=%d dbname=postgres user=%s".formatted(server.port(), user);
    }

    private static String at() {
        return " at \"127.0.0.1\", port " + server.port();
    }

    @Test
    void aPasswordThatIsWrongOrMissingOrRight() {
        UnderstudyException wrong = failure(as("secretive") + " password=geheim");
        assertThat(wrong.code()).isEqualTo(ErrorCode.PASSWORD_WRONG);
        assertThat(wrong.message()).isEqualTo("password authentication failed for role \"secretive\"" + at());
        assertThat(wrong.describe()).doesNotContain("geheim");
        UnderstudyException missing = failure(as("secretive"));
        assertThat(missing.code()).isEqualTo(ErrorCode.PASSWORD_MISSING);
        assertThat(missing.message()).isEqualTo("no password for role \"secretive\"" + at());
        assertThat(failure(as("secretive") + " password=right")).isNull();
    }

    @Test
    void aRoleThatIsNotThereOrMayNotLogIn() {
        assertThat(failure(as("nobody_here")).code()).isEqualTo(ErrorCode.ROLE_MISSING);
        assertThat(failure(as("nobody_here")).message()).isEqualTo("role \"nobody_here\" does not exist" + at());
        assertThat(failure(as("nologin")).hints()).containsExactly("Run: ALTER ROLE nologin LOGIN;");
    }

    @Test
    void aDatabaseThatIsNotThere() {
        assertThat(failure(as("plain") + " dbname=nothing").code()).isEqualTo(ErrorCode.DATABASE_MISSING);
    }

    @Test
    void aLineOfPgHbaThatRejects() {
        UnderstudyException e = failure(as("outsider"));
        assertThat(e.code()).isEqualTo(ErrorCode.HBA_REJECTS);
        assertThat(e.hints().get(0)).endsWith(": host postgres outsider 127.0.0.1/32 scram-sha-256");
    }

    @Test
    void replicationThatIsNotAdmittedOrNotAllowed() {
        UnderstudyException rejected = catchThrowableOfType(
                UnderstudyException.class,
                () -> ReplicationSession.open(Conninfo.parse(as("postgres"))).close());
        assertThat(rejected.code()).isEqualTo(ErrorCode.HBA_REJECTS);
        assertThat(rejected.hints().get(0)).endsWith(": host replication postgres 127.0.0.1/32 scram-sha-256");
        UnderstudyException plain = catchThrowableOfType(
                UnderstudyException.class,
                () -> ReplicationSession.open(Conninfo.parse(as("plain"))).close());
        assertThat(plain.code()).isEqualTo(ErrorCode.ROLE_NOT_REPLICATION);
        assertThat(plain.hints()).containsExactly("Run: ALTER ROLE plain REPLICATION;");
    }

    @Test
    void peerAuthenticationThatFails() {
        UnderstudyException e = failure(
                "host=%s port=%d user=postgres dbname=postgres".formatted(server.socketDirectory(), server.port()));
        assertThat(e.code()).isEqualTo(ErrorCode.PEER_REJECTED);
    }

    @Test
    void peerAuthenticationThatWorks() {
        String me = Account.current();
        server.execute("create role \"" + me + "\" login");
        assertThat(failure("host=%s port=%d user=%s dbname=postgres"
                        .formatted(server.socketDirectory(), server.port(), me)))
                .isNull();
    }

    @Test
    void tlsThatTheServerDoesNotHave() {
        assertThat(failure(as("plain") + " sslmode=require").code()).isEqualTo(ErrorCode.TLS_MISMATCH);
    }

    @Test
    void tooManyConnections() {
        List<Session> sessions = new ArrayList<>();
        try {
            UnderstudyException e = null;
            while (e == null && sessions.size() < 20) {
                e = catchThrowableOfType(
                        UnderstudyException.class, () -> sessions.add(Session.open(Conninfo.parse(as("plain")))));
            }
            assertThat(e).isNotNull();
            assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_CONNECTIONS);
        } finally {
            sessions.forEach(Session::close);
        }
    }

    @Test
    void hostsThatAreNotThere() {
        UnderstudyException name = failure("host=no-such-host.invalid user=x");
        assertThat(name.code()).isEqualTo(ErrorCode.HOST_NOT_RESOLVED);
        assertThat(name.message())
                .isEqualTo("could not translate host name \"no-such-host.invalid\" to address at"
                        + " \"no-such-host.invalid\", port 5432");
        assertThat(failure("host=127.0.0.1 user=x port=" + EmbeddedPostgres.freePort())
                        .code())
                .isEqualTo(ErrorCode.SERVER_UNREACHABLE);
        UnderstudyException socket = failure("host=/no/such/directory user=x");
        assertThat(socket.code()).isEqualTo(ErrorCode.SERVER_UNREACHABLE);
        assertThat(socket.message())
                .isEqualTo("could not reach the server on socket \"/no/such/directory/.s.PGSQL.5432\"");
    }

    @Test
    void aHostThatSaysNothingIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Instant before = Instant.now();
            UnderstudyException e = failure("host=127.0.0.1 connect_timeout=2 user=x port=" + silent.getLocalPort());
            assertThat(e.code()).isEqualTo(ErrorCode.SERVER_UNREACHABLE);
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void theNextHostIsTriedWhenOneDoesNotAnswerOrIsNotWhatIsWanted() {
        int nobody = EmbeddedPostgres.freePort();
        String hosts =
                "host=127.0.0.1,no-such-host.invalid,ignored port=%d,5432,%d hostaddr=127.0.0.1,127.0.0.2,127.0.0.1"
                        .formatted(nobody, server.port());
        assertThat(failure(hosts + " user=plain dbname=postgres target_session_attrs=read-write"))
                .isNull();
        UnderstudyException e = failure(as("plain") + " target_session_attrs=standby");
        assertThat(e.code()).isEqualTo(ErrorCode.SESSION_ATTRIBUTES_UNMET);
        assertThat(failure(as("plain") + " target_session_attrs=prefer-standby"))
                .isNull();
    }

    @Test
    void anOptionThatCannotBeHonouredIsRefused() {
        assertThat(failure(as("plain") + " requirepeer=postgres").code()).isEqualTo(ErrorCode.CONNINFO_UNSUPPORTED);
    }

    @Test
    void aServerThatIsStartingUpSaysSo() {
        assertThat(major).isNotEmpty();
        try (EmbeddedPostgres standby =
                EmbeddedPostgres.of(ServerMajor.parse(major)).initialize()) {
            // No primary to be had: it waits for WAL for ever, and is not consistent before.
            standby.start();
            standby.crash();
            standby.configure("hot_standby = off");
            if (ServerMajor.parse(major).isAtLeast(ServerMajor.V12)) {
                write(standby, "standby.signal", "");
            } else {
                write(standby, "recovery.conf", "standby_mode = on\n");
            }
            standby.startWithoutWaiting();
            UnderstudyException e = org.awaitility.Awaitility.await()
                    .until(
                            () -> failure(standby.conninfo()),
                            each -> each != null && each.code() != ErrorCode.SERVER_UNREACHABLE);
            assertThat(e.code()).isEqualTo(ErrorCode.SERVER_STARTING);
            assertThat(e.detail()).startsWith("the database system is ");
        }
    }

    private static void write(EmbeddedPostgres server, String name, String text) {
        try {
            java.nio.file.Files.writeString(server.dataDirectory().resolve(name), text);
            Account.give(server.dataDirectory().resolve(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
