package dev.understudy.server.connect;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.ConninfoOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Connection service files: named groups of options. Source: {@code parseServiceInfo} and {@code parseServiceFile} in
 * {@code fe-connect.c}.
 */
final class ServiceFile {
    private ServiceFile() {}

    /**
     * The options of a service, from the user's file or else the system's.
     *
     * @param named the file given by {@code servicefile=} or PGSERVICEFILE, which must exist; empty for the usual one
     * @throws UnderstudyException {@link ErrorCode#SERVICE_NOT_FOUND} if no file defines it
     */
    static Map<String, String> options(String service, String named, Environment environment) {
        List<Path> files = new ArrayList<>();
        if (named.isEmpty()) {
            files.add(environment.home().resolve(".pg_service.conf"));
        } else {
            Path file = Path.of(named);
            if (!Files.exists(file)) {
                throw UnderstudyException.of(ErrorCode.SERVICE_NOT_FOUND, "service file \"%s\" not found", file)
                        .build();
            }
            files.add(file);
        }
        if (!environment.get("PGSYSCONFDIR").isEmpty()) {
            files.add(Path.of(environment.get("PGSYSCONFDIR"), "pg_service.conf"));
        }
        files.add(Path.of("/etc/postgresql-common/pg_service.conf"));
        return files.stream()
                .filter(Files::exists)
                .map(file -> read(file, service))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> notFound(service, files));
    }

    private static UnderstudyException notFound(String service, List<Path> files) {
        return UnderstudyException.of(ErrorCode.SERVICE_NOT_FOUND, "definition of service \"%s\" not found", service)
                .detail("Looked in %s.", files)
                .hint("Add a section [%s] to one of these files, or name the file in PGSERVICEFILE.", service)
                .build();
    }

    private static Optional<Map<String, String>> read(Path file, String service) {
        Map<String, String> options = new LinkedHashMap<>();
        boolean found = false;
        int number = 0;
        for (String raw : lines(file)) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[")) {
                if (found) {
                    break;
                }
                found = line.equals("[" + service + "]");
            } else if (found) {
                put(options, line, file, number);
            }
        }
        return found ? Optional.of(options) : Optional.empty();
    }

    private static void put(Map<String, String> options, String line, Path file, int number) {
        int equals = line.indexOf('=');
        String name = equals < 0 ? line : line.substring(0, equals);
        if (equals < 0 || ConninfoOption.find(name).isEmpty()) {
            throw UnderstudyException.of(
                            ErrorCode.CONNINFO_INVALID, "syntax error in service file \"%s\", line %d", file, number)
                    .detail("Each line is an option of libpq, an equals sign and its value, without blanks.")
                    .build();
        }
        if (name.equals("service") || name.equals("servicefile")) {
            throw UnderstudyException.of(
                            ErrorCode.CONNINFO_INVALID,
                            "nested \"%s\" specifications not supported in service file \"%s\", line %d",
                            name,
                            file,
                            number)
                    .build();
        }
        options.putIfAbsent(name, line.substring(equals + 1));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw UnderstudyException.of(ErrorCode.SERVICE_NOT_FOUND, "could not read service file \"%s\"", file)
                    .detail("%s", String.valueOf(e.getMessage()))
                    .cause(e)
                    .build();
        }
    }
}
