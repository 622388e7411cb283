package dev.understudy.server.connect;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ConninfoOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A connection string with all that it leaves open filled in as libpq does: from its service, the environment, the
 * password file and the defaults, in this order. Source: {@code conninfo_add_defaults} and {@code connectOptions2} in
 * {@code fe-connect.c}.
 *
 * @param conninfo every option that has a value; host, port, user and dbname always have one
 * @param endpoints the places to try, in order, each with its own password
 * @param warnings why a password file was not used, for people
 */
public record ResolvedConninfo(Conninfo conninfo, List<Endpoint> endpoints, List<String> warnings) {
    private static final List<String> SOCKET_DIRECTORIES = List.of("/var/run/postgresql", "/run/postgresql", "/tmp");

    public ResolvedConninfo {
        endpoints = List.copyOf(endpoints);
        warnings = List.copyOf(warnings);
    }

    /** Resolves against this process's environment. */
    public static ResolvedConninfo of(Conninfo conninfo) {
        return of(conninfo, Environment.current());
    }

    /**
     * Resolves a connection string.
     *
     * @throws UnderstudyException {@link ErrorCode#SERVICE_NOT_FOUND} for an unknown service, {@link
     *     ErrorCode#CONNINFO_INVALID} if hosts, addresses and ports do not go together
     */
    public static ResolvedConninfo of(Conninfo given, Environment environment) {
        Map<String, String> values = new LinkedHashMap<>(given.values());
        addService(values, environment);
        for (ConninfoOption option : ConninfoOption.all()) {
            String name = option.environment();
            if (name != null && !environment.get(name).isEmpty()) {
                values.putIfAbsent(option.name(), environment.get(name));
            }
        }
        // The spelling of old, which libpq still takes from the environment.
        if (values.getOrDefault("requiressl", environment.get("PGREQUIRESSL")).startsWith("1")) {
            putIfEmpty(values, "sslmode", "require");
        }
        putIfEmpty(values, "user", environment.account());
        putIfEmpty(values, "dbname", values.getOrDefault("user", ""));
        Set<String> warnings = new LinkedHashSet<>();
        List<Endpoint> endpoints = endpoints(values, environment, warnings);
        Endpoint first = endpoints.get(0);
        putIfEmpty(values, "host", first.host());
        putIfEmpty(values, "port", Integer.toString(first.port()));
        return new ResolvedConninfo(Conninfo.of(values), endpoints, List.copyOf(warnings));
    }

    /** The value of an option; empty if it has none. */
    public String get(String option) {
        return conninfo.get(option).orElse("");
    }

    /** The value of an option that is a number of seconds or the like; {@code otherwise} if it has none. */
    int number(String option, int otherwise) {
        String value = get(option).strip();
        try {
            return value.isEmpty() ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw UnderstudyException.of(
                            ErrorCode.CONNINFO_INVALID,
                            "invalid integer value \"%s\" for connection option \"%s\"",
                            value,
                            option)
                    .cause(e)
                    .build();
        }
    }

    private static void putIfEmpty(Map<String, String> values, String option, String value) {
        if (values.getOrDefault(option, "").isEmpty()) {
            values.put(option, value);
        }
    }

    private static void addService(Map<String, String> values, Environment environment) {
        String service = values.getOrDefault("service", environment.get("PGSERVICE"));
        if (!service.isEmpty()) {
            String file = values.getOrDefault("servicefile", environment.get("PGSERVICEFILE"));
            ServiceFile.options(service, file, environment).forEach(values::putIfAbsent);
        }
    }

    private static List<Endpoint> endpoints(Map<String, String> values, Environment environment, Set<String> warnings) {
        List<String> ports = list(values.getOrDefault("port", ""));
        List<String> addresses = list(values.getOrDefault("hostaddr", ""));
        List<String> hosts = list(values.getOrDefault("host", ""));
        boolean hostGiven = !String.join("", hosts).isEmpty();
        boolean addressGiven = !String.join("", addresses).isEmpty();
        int count = addressGiven ? addresses.size() : hosts.size();
        if (hostGiven && hosts.size() != count) {
            throw mismatch("host names", hosts.size(), "hostaddr values", count);
        }
        if (ports.size() != 1 && ports.size() != count) {
            throw mismatch("port numbers", ports.size(), "hosts", count);
        }
        PassFile passFile = new PassFile(PassFile.path(values.get("passfile"), environment), warnings::add);
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int port = port(ports.get(ports.size() == 1 ? 0 : i));
            String address = addressGiven ? addresses.get(i) : "";
            String host = hostGiven ? hosts.get(i) : "";
            String lookedUp = host.isEmpty() ? address : host;
            String named = !lookedUp.isEmpty() ? lookedUp : defaultDirectory(port);
            endpoints.add(new Endpoint(named, address, port, password(values, passFile, lookedUp, port)));
        }
        return endpoints;
    }

    private static String password(Map<String, String> values, PassFile passFile, String host, int port) {
        String given = values.getOrDefault("password", "");
        if (!given.isEmpty()) {
            return given;
        }
        String user = values.getOrDefault("user", "");
        String database = values.getOrDefault("dbname", "");
        String replication = values.getOrDefault("replication", "");
        boolean physical = !replication.isEmpty() && !replication.equals("database");
        return passFile.find(host, Integer.toString(port), physical ? "replication" : database, user)
                .or(() -> passFile.find(host, Integer.toString(port), database, user))
                .orElse("");
    }

    /** The built-in directory differs from one distribution to the next: the one where the socket is. */
    private static String defaultDirectory(int port) {
        return SOCKET_DIRECTORIES.stream()
                .filter(directory -> Files.exists(Path.of(directory, ".s.PGSQL." + port)))
                .findFirst()
                .orElseGet(() -> Files.isDirectory(Path.of("/var/run/postgresql")) ? "/var/run/postgresql" : "/tmp");
    }

    private static int port(String text) {
        try {
            int port = text.isEmpty() ? 5432 : Integer.parseInt(text.strip());
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Told below, as any other wrong port.
        }
        throw UnderstudyException.of(ErrorCode.CONNINFO_INVALID, "invalid port number: \"%s\"", text)
                .hint("A port is a number from 1 to 65535.")
                .build();
    }

    private static UnderstudyException mismatch(String these, int count, String those, int others) {
        return UnderstudyException.of(
                        ErrorCode.CONNINFO_INVALID, "could not match %d %s to %d %s", count, these, others, those)
                .build();
    }

    private static List<String> list(String text) {
        return List.of(text.split(",", -1));
    }

    /** The connection string without secrets. */
    @Override
    public String toString() {
        return conninfo.display();
    }
}
