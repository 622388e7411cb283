package dev.understudy.server.connect;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.postgresql.PGProperty;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/** Translates libpq's options into those of the driver. */
final class DriverProperties {
    /** Options that ask for a protection the driver does not have: to ignore them would be to weaken the connection. */
    private static final List<String> UNSUPPORTED = List.of(
            "oauth_client_id",
            "oauth_client_secret",
            "oauth_issuer",
            "oauth_scope",
            "requirepeer",
            "scram_client_key",
            "scram_server_key",
            "sslcrl",
            "sslcrldir");

    /** Values that ask for nothing beyond what the driver does anyway; with any other one the option is unsupported. */
    private static final Map<String, String> HARMLESS =
            Map.of("gssdelegation", "0", "min_protocol_version", "3.0", "sslcertmode", "allow");

    private static final Map<String, PGProperty> SAME_MEANING = Map.ofEntries(
            Map.entry("channel_binding", PGProperty.CHANNEL_BINDING),
            Map.entry("gsslib", PGProperty.GSS_LIB),
            Map.entry("krbsrvname", PGProperty.KERBEROS_SERVER_NAME),
            Map.entry("options", PGProperty.OPTIONS),
            Map.entry("require_auth", PGProperty.REQUIRE_AUTH),
            Map.entry("sslcert", PGProperty.SSL_CERT),
            Map.entry("sslkey", PGProperty.SSL_KEY),
            Map.entry("sslnegotiation", PGProperty.SSL_NEGOTIATION),
            Map.entry("sslpassword", PGProperty.SSL_PASSWORD));

    private DriverProperties() {}

    /** The properties for one endpoint. */
    static Properties of(ResolvedConninfo conninfo, Endpoint endpoint, ConnectOptions options) {
        refuseUnsupported(conninfo);
        Properties properties = new Properties();
        PGProperty.USER.set(properties, conninfo.get("user"));
        PGProperty.PG_DBNAME.set(properties, conninfo.get("dbname"));
        PGProperty.PG_PORT.set(properties, endpoint.port());
        if (!endpoint.password().isEmpty()) {
            PGProperty.PASSWORD.set(properties, endpoint.password());
        }
        SAME_MEANING.forEach((name, property) -> {
            if (!conninfo.get(name).isEmpty()) {
                property.set(properties, conninfo.get(name));
            }
        });
        session(properties, conninfo, options);
        if (endpoint.isUnixSocket()) {
            unixSocket(properties, endpoint);
        } else {
            tcp(properties, conninfo, endpoint, options);
            tls(properties, conninfo);
        }
        return properties;
    }

    private static void refuseUnsupported(ResolvedConninfo conninfo) {
        UNSUPPORTED.stream().filter(option -> !conninfo.get(option).isEmpty()).forEach(option -> {
            throw unsupported("connection option \"" + option + "\" is not supported");
        });
        HARMLESS.forEach((option, harmless) -> {
            String value = conninfo.get(option);
            if (!value.isEmpty() && !value.equals(harmless)) {
                throw unsupported("connection option \"" + option + "=" + value + "\" is not supported");
            }
        });
    }

    private static UnderstudyException unsupported(String message) {
        return UnderstudyException.of(ErrorCode.CONNINFO_UNSUPPORTED, "%s", message)
                .hint("Leave the option out for Understudy's own connections.")
                .build();
    }

    private static void session(Properties properties, ResolvedConninfo conninfo, ConnectOptions options) {
        String name = conninfo.get("application_name");
        String fallback = conninfo.get("fallback_application_name");
        PGProperty.APPLICATION_NAME.set(
                properties, !name.isEmpty() ? name : !fallback.isEmpty() ? fallback : ConnectOptions.APPLICATION_NAME);
        int seconds = timeoutSeconds(conninfo, options);
        PGProperty.CONNECT_TIMEOUT.set(properties, seconds);
        PGProperty.SOCKET_TIMEOUT.set(properties, seconds);
        PGProperty.CANCEL_SIGNAL_TIMEOUT.set(properties, Math.min(seconds, 5));
        PGProperty.SSL_RESPONSE_TIMEOUT.set(properties, seconds * 1000);
        // Without it the driver sets extra_float_digits and the application's name in statements of their own.
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "9.6");
        if (options.replication()) {
            PGProperty.REPLICATION.set(properties, "true");
            PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        }
    }

    /** As libpq: 0 or nothing means our own limit rather than none, since every wait has one; 1 counts as 2. */
    static int timeoutSeconds(ResolvedConninfo conninfo, ConnectOptions options) {
        int given = conninfo.number("connect_timeout", 0);
        return given <= 0 ? Math.max(1, (int) options.connectTimeout().toSeconds()) : Math.max(2, given);
    }

    private static void unixSocket(Properties properties, Endpoint endpoint) {
        PGProperty.PG_HOST.set(properties, "localhost");
        PGProperty.SOCKET_FACTORY.set(properties, "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg");
        PGProperty.SOCKET_FACTORY_ARG.set(properties, endpoint.socketFile().toString());
        PGProperty.SSL_MODE.set(properties, "disable");
        PGProperty.GSS_ENC_MODE.set(properties, "disable");
    }

    private static void tcp(
            Properties properties, ResolvedConninfo conninfo, Endpoint endpoint, ConnectOptions options) {
        PGProperty.PG_HOST.set(properties, endpoint.host());
        boolean keepalives = conninfo.number("keepalives", 1) != 0;
        PGProperty.TCP_KEEP_ALIVE.set(properties, keepalives);
        PGProperty.SOCKET_FACTORY.set(properties, TcpSocketFactory.class.getName());
        PGProperty.SOCKET_FACTORY_ARG.set(
                properties,
                TcpSocketFactory.argument(
                        endpoint.address(),
                        conninfo.number(
                                "keepalives_idle", (int) options.keepaliveIdle().toSeconds()),
                        conninfo.number("keepalives_interval", (int)
                                options.keepaliveInterval().toSeconds()),
                        conninfo.number("keepalives_count", ConnectOptions.KEEPALIVE_COUNT)));
        String gss = conninfo.get("gssencmode");
        PGProperty.GSS_ENC_MODE.set(properties, gss.isEmpty() ? "disable" : gss);
    }

    private static void tls(Properties properties, ResolvedConninfo conninfo) {
        TlsVersions versions = TlsVersions.of(conninfo);
        String root = conninfo.get("sslrootcert");
        String mode = conninfo.get("sslmode");
        if (root.equals("system")) {
            PGProperty.SSL_FACTORY.set(
                    properties,
                    versions.isStandard()
                            ? DefaultJavaSSLFactory.class.getName()
                            : VersionedSystemTlsFactory.class.getName());
            PGProperty.SSL_FACTORY_ARG.set(properties, versions.argument());
            PGProperty.SSL_MODE.set(properties, "verify-full");
            return;
        }
        if (!versions.isStandard()) {
            PGProperty.SSL_FACTORY.set(properties, VersionedTlsFactory.class.getName());
            PGProperty.SSL_FACTORY_ARG.set(properties, versions.argument());
        }
        Path defaultRoot = Environment.current().home().resolve(".postgresql").resolve("root.crt");
        boolean rootThere = !root.isEmpty() ? Files.exists(Path.of(root)) : Files.exists(defaultRoot);
        // libpq: with a root certificate at hand, "require" verifies the server's certificate against it.
        String effective = mode.isEmpty() ? "prefer" : mode.equals("require") && rootThere ? "verify-ca" : mode;
        PGProperty.SSL_MODE.set(properties, effective);
        if (!root.isEmpty()) {
            PGProperty.SSL_ROOT_CERT.set(properties, root);
        }
    }
}
