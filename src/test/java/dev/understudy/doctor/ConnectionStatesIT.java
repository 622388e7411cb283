package dev.understudy.doctor;

import static dev.understudy.doctor.PairState.state;

import dev.understudy.doctor.BrokenPair.With;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Certificates;
import dev.understudy.testing.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever keeps a standby from its primary. */
final class ConnectionStatesIT {
    /** Those of a build. */
    static final List<ServerMajor> MAJORS = List.of(ServerMajor.V18, ServerMajor.V12);

    static final List<PairState> STATES = List.of(
            state("role-missing")
                    .by(pair -> pair.follow("user=nobody_here"))
                    .says("The primary has no role \"nobody_here\", which the standby logs in as")
                    .evidence("{log}", "role \"nobody_here\" does not exist", "primary_conninfo: ")
                    .remedy("create-role", "CREATE ROLE nobody_here LOGIN REPLICATION;  -- then \\password"),
            state("role-missing")
                    .form("behind a password prompt, which does not tell")
                    .by(pair -> {
                        pair.admit("host replication all 127.0.0.1/32 md5");
                        pair.follow("user=Nobody");
                    })
                    .says("The primary has no role \"Nobody\", which the standby logs in as")
                    .evidence(
                            "password authentication failed for user \"Nobody\"",
                            "pg_roles of the primary: has no role \"Nobody\"")
                    .remedy("create-role", "CREATE ROLE \"Nobody\" LOGIN REPLICATION;  -- then \\password"),
            state("role-not-replication")
                    .by(pair -> pair.follow("user=plain"))
                    .says("Role \"plain\", which the standby logs in as, may not use replication")
                    .remedy("grant-replication", "ALTER ROLE plain REPLICATION;"),
            state("role-not-replication")
                    .form("may not log in")
                    .by(pair -> {
                        pair.primary().execute("ALTER ROLE follower NOLOGIN");
                        pair.disconnect();
                    })
                    .thenMend(pair -> pair.primary().execute("ALTER ROLE follower LOGIN"))
                    .says("Role \"follower\", which the standby logs in as, may not log in")
                    .evidence("role \"follower\" is not permitted to log in")
                    .remedy("grant-replication", "ALTER ROLE follower LOGIN REPLICATION;"),
            state("password-wrong")
                    .by(pair -> {
                        pair.admit("host replication all 127.0.0.1/32 md5");
                        pair.follow("password=wrong");
                    })
                    .says("The primary does not accept the standby's password for role \"follower\"")
                    .evidence("password authentication failed for user \"follower\"")
                    .remedy(
                            "correct-password",
                            "\\password follower  -- on the primary; then ~/.pgpass on the standby"),
            state("password-wrong")
                    .form("stored as md5 where SCRAM is demanded")
                    .since(ServerMajor.V10)
                    .by(pair -> {
                        pair.primary()
                                .execute("SET password_encryption = 'md5'; ALTER ROLE follower PASSWORD 'follower'");
                        pair.admit("host replication all 127.0.0.1/32 scram-sha-256");
                    })
                    .thenMend(
                            pair -> pair.primary()
                                    .execute(
                                            "SET password_encryption = 'scram-sha-256'; ALTER ROLE follower PASSWORD 'follower'"))
                    .says("The primary does not accept the standby's password for role \"follower\"")
                    .evidence(
                            "pg_authid of the primary: the password of role \"follower\" is stored as md5, which a line of"
                                    + " pg_hba.conf with scram-sha-256 does not accept")
                    .remedy(
                            "correct-password",
                            "\\password follower  -- on the primary; then ~/.pgpass on the standby"),
            state("password-wrong")
                    .form("expired")
                    .by(pair -> {
                        pair.primary().execute("ALTER ROLE follower VALID UNTIL '2001-01-01 00:00:00+00'");
                        pair.admit("host replication all 127.0.0.1/32 md5");
                    })
                    .thenMend(pair -> pair.primary().execute("ALTER ROLE follower VALID UNTIL 'infinity'"))
                    .says("The primary does not accept the standby's password for role \"follower\": it has expired")
                    .evidence(
                            "pg_roles of the primary: the password of role \"follower\" was valid until 2001-01-01T00:00:00Z")
                    .remedy("correct-password", "ALTER ROLE follower VALID UNTIL 'infinity';"),
            state("password-missing")
                    .by(pair -> {
                        pair.admit("host replication all 127.0.0.1/32 md5");
                        pair.follow("password=");
                    })
                    .says("The standby has no password to give to its primary")
                    .evidence("no password supplied")
                    .remedy(
                            "give-password",
                            "echo '127.0.0.1:{primary-port}:replication:follower:PASSWORD' >> ~/.pgpass; chmod 0600 ~/.pgpass"),
            state("password-missing")
                    .form("the role has none")
                    .by(pair -> {
                        pair.primary().execute("ALTER ROLE follower PASSWORD NULL");
                        pair.admit("host replication all 127.0.0.1/32 md5");
                    })
                    .thenMend(pair -> pair.primary().execute("ALTER ROLE follower PASSWORD 'follower'"))
                    .says("Role \"follower\" has no password on the primary")
                    .evidence("pg_authid of the primary: role \"follower\" has no password assigned")
                    .remedy("set-password", "\\password follower"),
            state("hba-rejects")
                    .form("no line")
                    .by(pair -> pair.admit())
                    .says("The primary's pg_hba.conf does not admit role \"follower\" from 127.0.0.1 for replication")
                    .evidence(
                            "no pg_hba.conf entry for replication connection from host \"127.0.0.1\", user \"follower\"")
                    .remedy(
                            "add-hba-line",
                            "host replication follower 127.0.0.1/32 {method}\nSELECT pg_reload_conf();"),
            state("hba-rejects")
                    .form("a line rejects")
                    .by(pair -> pair.admit("host replication all 127.0.0.1/32 reject"))
                    .evidence("pg_hba.conf rejects replication connection for host \"127.0.0.1\", user \"follower\"")
                    .remedy(
                            "add-hba-line",
                            "host replication follower 127.0.0.1/32 {method}\nSELECT pg_reload_conf();"),
            state("hba-rejects")
                    .form("through the socket")
                    .by(pair -> {
                        pair.admit("local all postgres trust");
                        pair.follow("host=" + pair.primary().socketDirectory());
                    })
                    .says(
                            "The primary's pg_hba.conf does not admit role \"follower\" through its Unix socket for replication")
                    .remedy("add-hba-line", "local replication follower {method}\nSELECT pg_reload_conf();"),
            state("tls-mismatch")
                    .form("the primary has none")
                    .by(pair -> pair.follow("sslmode=require"))
                    .says("The standby wants TLS, which the primary does not speak")
                    .evidence("server does not support SSL, but SSL was required")
                    .remedy(
                            "agree-on-tls",
                            "ALTER SYSTEM SET ssl = on; SELECT pg_reload_conf();  -- on the primary, with a certificate"),
            state("tls-mismatch")
                    .form("no root certificate")
                    .by(pair -> followByTls(pair, "localhost", "absent.crt"))
                    .says("The standby has no root certificate to verify the primary's with")
                    .evidence("root certificate file \"{primary-data}/absent.crt\" does not exist"),
            state("tls-mismatch")
                    .form("another authority")
                    .by(pair -> {
                        Certificates.make(pair.primary().dataDirectory(), "other");
                        followByTls(pair, "localhost", "other.crt");
                    })
                    .says("The primary's certificate is of no authority that the standby trusts")
                    .evidence("certificate verify failed"),
            state("tls-mismatch")
                    .form("another name")
                    .by(pair -> followByTls(pair, "127.0.0.1", "server.crt"))
                    .says("The primary's certificate is not for the host name that the standby connects to")
                    .evidence("server certificate for \"localhost\"", " does not match host name \"127.0.0.1\""),
            state("tls-mismatch")
                    .form("a client certificate without its key")
                    .by(pair -> {
                        Path certificate = Certificates.make(pair.primary().dataDirectory(), "server");
                        pair.restartPrimaryWith("ssl = on");
                        pair.follow("sslmode=require sslcert=" + certificate + " sslkey=/absent.key");
                    })
                    .says("The standby cannot use its client certificate")
                    .evidence("/absent.key"),
            state("tls-mismatch")
                    .form("the primary asks for a client certificate")
                    .by(pair -> {
                        Path certificate = Certificates.make(pair.primary().dataDirectory(), "server");
                        pair.admit("hostssl replication all 127.0.0.1/32 cert");
                        pair.restartPrimaryWith("ssl = on", "ssl_ca_file = '" + certificate + "'");
                        pair.follow("sslmode=require");
                    })
                    .says("The primary asks for a client certificate, which the standby does not have")
                    .evidence("connection requires a valid client certificate"),
            state("primary-host-unresolved")
                    .by(pair -> pair.follow("host=no-such-host.invalid"))
                    .says("The standby's host does not know the name \"no-such-host.invalid\"")
                    .evidence("could not translate host name \"no-such-host.invalid\" to address")
                    .remedy("correct-host-name", "getent hosts no-such-host.invalid"),
            state("conninfo-invalid")
                    .form("an option of a newer major")
                    .until(ServerMajor.V12)
                    .by(pair -> pair.follow("channel_binding=prefer"))
                    .says("The standby's libpq does not take its primary_conninfo")
                    .evidence("invalid connection option \"channel_binding\"")
                    .remedy(
                            "correct-conninfo",
                            "ALTER SYSTEM SET primary_conninfo = '…';  -- or postgresql.auto.conf while it is down"),
            state("conninfo-invalid")
                    .form("no option at all, which up to 15 is passed over")
                    .until(ServerMajor.V15)
                    .by(pair -> pair.restartWith("primary_conninfo = 'host'"))
                    .followedBy("primary-unreachable")
                    .evidence("primary_conninfo: missing \"=\" after \"host\" in connection string"),
            state("conninfo-invalid")
                    .form("no option at all")
                    .since(ServerMajor.V16)
                    .by(pair -> pair.restartWith("primary_conninfo = 'host'"))
                    .says("The standby's libpq does not take its primary_conninfo")
                    .evidence("missing \"=\" after \"host\" in connection info string", "primary_conninfo: host"),
            state("primary-unreachable")
                    .form("nobody listens")
                    .by(pair -> pair.follow("port=" + EmbeddedPostgres.freePort()))
                    .says("Nobody answers where the standby looks for its primary")
                    .evidence("Connection refused"),
            state("primary-unreachable")
                    .form("the primary is down")
                    .by(pair -> pair.primary().stop())
                    .says("Nobody answers where the primary should be")
                    .evidence("Connection refused", "the doctor's own connection: "),
            state("primary-unreachable")
                    .form("the primary has no sender left")
                    .by(pair -> {
                        pair.stopStandby();
                        pair.restartPrimaryWith("max_wal_senders = 1");
                        pair.streamAs("archiver", "");
                        pair.standby().start();
                    })
                    .thenMend(BrokenPair::release)
                    .evidence("FATAL:  number of requested standby connections exceeds ", "max_wal_senders")
                    .remedy(
                            "heed-the-refusal",
                            "SELECT usename, application_name, client_addr, state FROM pg_stat_activity;"),
            state("unexpected-sender")
                    .form("cascade")
                    .by(BrokenPair::cascade)
                    .seenBy(pair -> pair.doctorOf(pair.cascade()))
                    .thenMend(BrokenPair::release)
                    .says("The standby streams from another server than the primary that was given")
                    .evidence(
                            "pg_stat_wal_receiver of the standby: streams from ",
                            "pg_stat_replication of the primary: has no sender for \"cascade\"")
                    .remedy("follow-the-primary", "SHOW primary_conninfo;  -- on the standby"),
            state("replication-timeout-loop")
                    .by(pair -> {
                        pair.stopStandby();
                        pair.set("wal_receiver_timeout = '1s'");
                        pair.standby().start();
                        for (int i = 0; i < 3; i++) {
                            pair.awaitStreaming();
                            pair.silenceOnce();
                        }
                    })
                    .says("Streaming was cut off 3 times, by a time-out or on the way")
                    .evidence(
                            "terminating walreceiver due to timeout",
                            "wal_receiver_timeout of the standby: 1000 ms",
                            "wal_sender_timeout of the primary: 60000 ms"));

    /** Switches TLS on at the primary, and has the standby verify its certificate by a file in the primary's directory. */
    private static void followByTls(BrokenPair pair, String host, String rootCertificate) {
        Certificates.make(pair.primary().dataDirectory(), "server");
        pair.restartPrimaryWith("ssl = on");
        pair.follow("host=" + host + " hostaddr=127.0.0.1 sslmode=verify-full sslrootcert="
                + pair.primary().dataDirectory().resolve(rootCertificate));
    }

    static Stream<ServerMajor> majors() {
        return PairStates.majors(MAJORS).stream();
    }

    @ParameterizedTest
    @MethodSource("majors")
    void eachReasonIsFoundAndNothingElse(ServerMajor major) {
        Certificates.require();
        try (BrokenPair pair = BrokenPair.start(major, With.SLOT)) {
            PairStates.take(pair, PairStates.dealt(PairStates.oneOfEach(STATES, MAJORS), major, MAJORS));
        }
    }
}
