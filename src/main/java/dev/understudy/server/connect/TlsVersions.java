package dev.understudy.server.connect;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.postgresql.PGProperty;

/**
 * The versions of TLS that a connection may use, {@code ssl_min_protocol_version} and {@code ssl_max_protocol_version},
 * which the driver does not have. Source: {@code sslVerifyProtocolVersion} in {@code fe-connect.c}.
 *
 * @param allowed names as the JDK and libpq both write them, oldest first; never empty
 */
record TlsVersions(List<String> allowed) {
    private static final List<String> ALL = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

    /** What a JDK uses unless its security settings are changed, which libpq's default allows too. */
    private static final List<String> STANDARD = List.of("TLSv1.2", "TLSv1.3");

    TlsVersions {
        allowed = List.copyOf(allowed);
    }

    /**
     * What a connection string allows.
     *
     * @throws UnderstudyException {@link ErrorCode#CONNINFO_INVALID} for a version that there is not, or an empty range;
     *     {@link ErrorCode#CONNINFO_UNSUPPORTED} if only versions are left that Java no longer uses
     */
    static TlsVersions of(ResolvedConninfo conninfo) {
        int least = index(conninfo, "ssl_min_protocol_version", 0);
        int most = index(conninfo, "ssl_max_protocol_version", ALL.size() - 1);
        if (least > most) {
            throw UnderstudyException.of(ErrorCode.CONNINFO_INVALID, "invalid SSL protocol version range")
                    .detail("From %s to %s there is no version.", ALL.get(least), ALL.get(most))
                    .build();
        }
        List<String> range =
                ALL.subList(least, most + 1).stream().filter(STANDARD::contains).toList();
        if (range.isEmpty()) {
            throw UnderstudyException.of(
                            ErrorCode.CONNINFO_UNSUPPORTED, "TLS versions up to %s are not supported", ALL.get(most))
                    .hint("Leave ssl_max_protocol_version out, or set it to TLSv1.2 at least.")
                    .build();
        }
        return new TlsVersions(range);
    }

    private static int index(ResolvedConninfo conninfo, String option, int otherwise) {
        String value = conninfo.get(option);
        if (value.isEmpty()) {
            return otherwise;
        }
        return Stream.iterate(0, i -> i < ALL.size(), i -> i + 1)
                .filter(i -> ALL.get(i).equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> UnderstudyException.of(
                                ErrorCode.CONNINFO_INVALID, "invalid \"%s\" value: \"%s\"", option, value)
                        .hint("The versions are %s.", String.join(", ", ALL))
                        .build());
    }

    /** Whether the JDK does as is wanted of itself. */
    boolean isStandard() {
        return allowed.equals(STANDARD);
    }

    /** For a socket factory that the driver makes. */
    String argument() {
        return String.join(",", allowed);
    }

    /** Holds a socket to the versions that {@link #argument} handed to the driver. */
    static void limit(SSLSocket socket, Properties properties) {
        String argument = PGProperty.SSL_FACTORY_ARG.getOrDefault(properties);
        if (argument != null) {
            socket.setEnabledProtocols(Arrays.stream(argument.split(",", -1)).toArray(String[]::new));
        }
    }
}
