package dev.understudy.postgres;

import static dev.understudy.postgres.ServerMajor.V10;
import static dev.understudy.postgres.ServerMajor.V12;
import static dev.understudy.postgres.ServerMajor.V13;
import static dev.understudy.postgres.ServerMajor.V14;
import static dev.understudy.postgres.ServerMajor.V16;
import static dev.understudy.postgres.ServerMajor.V17;
import static dev.understudy.postgres.ServerMajor.V18;
import static dev.understudy.postgres.ServerMajor.V9_6;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An option of libpq's connection strings. Source: {@code PQconninfoOptions} in {@code
 * src/interfaces/libpq/fe-connect.c} of each major.
 *
 * @param name the keyword
 * @param since the first major whose libpq knows it, 9.6 for all older ones
 * @param until the first major whose libpq no longer knows it; null if it still does
 * @param environment the variable that gives it when the string does not; null if there is none
 * @param secret whether its value must never be shown
 */
public record ConninfoOption(
        String name,
        ServerMajor since,
        @Nullable ServerMajor until,
        @Nullable String environment,
        boolean secret) {
    private static final List<ConninfoOption> ALL = List.of(
            option("application_name", V9_6, "PGAPPNAME"),
            removed("authtype", V14),
            option("channel_binding", V13, "PGCHANNELBINDING"),
            option("client_encoding", V9_6, "PGCLIENTENCODING"),
            option("connect_timeout", V9_6, "PGCONNECT_TIMEOUT"),
            option("dbname", V9_6, "PGDATABASE"),
            option("fallback_application_name", V9_6, null),
            option("gssdelegation", V16, "PGGSSDELEGATION"),
            option("gssencmode", V12, "PGGSSENCMODE"),
            option("gsslib", V9_6, "PGGSSLIB"),
            option("host", V9_6, "PGHOST"),
            option("hostaddr", V9_6, "PGHOSTADDR"),
            option("keepalives", V9_6, null),
            option("keepalives_count", V9_6, null),
            option("keepalives_idle", V9_6, null),
            option("keepalives_interval", V9_6, null),
            option("krbsrvname", V9_6, "PGKRBSRVNAME"),
            option("load_balance_hosts", V16, "PGLOADBALANCEHOSTS"),
            option("max_protocol_version", V18, "PGMAXPROTOCOLVERSION"),
            option("min_protocol_version", V18, "PGMINPROTOCOLVERSION"),
            option("oauth_client_id", V18, null),
            secret("oauth_client_secret", V18, null),
            option("oauth_issuer", V18, null),
            option("oauth_scope", V18, null),
            option("options", V9_6, "PGOPTIONS"),
            option("passfile", V10, "PGPASSFILE"),
            secret("password", V9_6, "PGPASSWORD"),
            option("port", V9_6, "PGPORT"),
            option("replication", V9_6, null),
            option("require_auth", V16, "PGREQUIREAUTH"),
            option("requirepeer", V9_6, "PGREQUIREPEER"),
            removed("requiressl", V10),
            secret("scram_client_key", V18, null),
            secret("scram_server_key", V18, null),
            option("service", V9_6, "PGSERVICE"),
            option("servicefile", V18, "PGSERVICEFILE"),
            option("ssl_max_protocol_version", V13, "PGSSLMAXPROTOCOLVERSION"),
            option("ssl_min_protocol_version", V13, "PGSSLMINPROTOCOLVERSION"),
            option("sslcert", V9_6, "PGSSLCERT"),
            option("sslcertmode", V16, "PGSSLCERTMODE"),
            option("sslcompression", V9_6, "PGSSLCOMPRESSION"),
            option("sslcrl", V9_6, "PGSSLCRL"),
            option("sslcrldir", V14, "PGSSLCRLDIR"),
            option("sslkey", V9_6, "PGSSLKEY"),
            option("sslkeylogfile", V18, null),
            option("sslmode", V9_6, "PGSSLMODE"),
            option("sslnegotiation", V17, "PGSSLNEGOTIATION"),
            secret("sslpassword", V13, null),
            option("sslrootcert", V9_6, "PGSSLROOTCERT"),
            option("sslsni", V14, "PGSSLSNI"),
            option("target_session_attrs", V10, "PGTARGETSESSIONATTRS"),
            option("tcp_user_timeout", V12, null),
            removed("tty", V14),
            option("user", V9_6, "PGUSER"));

    private static final Map<String, ConninfoOption> BY_NAME =
            ALL.stream().collect(Collectors.toUnmodifiableMap(ConninfoOption::name, Function.identity()));

    /** Every option that a libpq of 9.6 to 18 knows, by name. */
    public static List<ConninfoOption> all() {
        return ALL;
    }

    public static Optional<ConninfoOption> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Whether the libpq of a server of this major takes the option with this value. */
    public boolean isKnownTo(ServerMajor major, String value) {
        boolean known = major.isAtLeast(since) && (until == null || !major.isAtLeast(until));
        return known && major.isAtLeast(valueSince(value));
    }

    /** Values that came later than their option. */
    private ServerMajor valueSince(String value) {
        return switch (name) {
            case "sslrootcert" -> value.equals("system") ? V16 : V9_6;
            case "target_session_attrs" -> value.equals("any") || value.equals("read-write") ? V10 : V14;
            default -> V9_6;
        };
    }

    private static ConninfoOption option(String name, ServerMajor since, @Nullable String environment) {
        return new ConninfoOption(name, since, null, environment, false);
    }

    private static ConninfoOption secret(String name, ServerMajor since, @Nullable String environment) {
        return new ConninfoOption(name, since, null, environment, true);
    }

    private static ConninfoOption removed(String name, ServerMajor until) {
        return new ConninfoOption(name, V9_6, until, null, false);
    }
}
