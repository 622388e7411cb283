package dev.understudy.provision.preflight.gather;

import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.ServerVersion;
import dev.understudy.provision.preflight.facts.InstallationFacts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the server programs of a major version on a host, and asks them what they are. */
final class InstallationGatherer {
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?");

    /** {@code postgres -C} needs no data directory for what it was built with; as its first option root may ask, too. */
    private static final String ASK = "\"$1/postgres\" -C \"$2\" -c config_file=/dev/null -D / 2>/dev/null";

    private static final String LIBRARY_DIRECTORY = """
            d=$("$1/pg_config" --pkglibdir 2>/dev/null)
            for c in "$d" "$1/../lib/postgresql" "$1/../lib" "$1/../lib64/pgsql" "$1/../lib64/postgresql" \\
                    "$1/../lib/pgsql" "$1/../lib64"; do
                if [ -n "$c" ] && [ -e "$c/plpgsql.so" ]; then (cd "$c" && pwd -P); exit; fi
            done
            """;

    private static final String LIST_LIBRARIES = "cd \"$1\" && find . -name '*.so' -print";

    private final Looks looks;

    InstallationGatherer(Looks looks) {
        this.looks = looks;
    }

    /**
     * The programs.
     *
     * @param named the directory that the plan names
     * @param major what is looked for otherwise
     * @param hints directories that are likely, best first
     */
    Known<InstallationFacts> find(Optional<String> named, Optional<ServerMajor> major, List<String> hints) {
        if (named.isPresent()) {
            return version(named.get())
                    .map(version -> Known.of(describe(named.get(), version)))
                    .orElseGet(() -> Known.unknown("\"%s/postgres\" cannot be run".formatted(named.get())));
        }
        if (major.isEmpty()) {
            return Known.unknown("the primary's version is not known, so its programs cannot be looked for");
        }
        List<String> candidates = new ArrayList<>(hints);
        candidates.addAll(usualPlaces(major.get()));
        for (String directory : candidates) {
            Optional<ServerVersion> version = version(directory);
            if (version.filter(found -> found.major().equals(major.get())).isPresent()) {
                return Known.of(describe(directory, version.get()));
            }
        }
        return Known.unknown("looked in %s".formatted(String.join(", ", candidates)));
    }

    /** Debian, Red Hat, Alpine, SUSE, own builds, and whatever PATH says. */
    private List<String> usualPlaces(ServerMajor major) {
        List<String> places = new ArrayList<>(List.of(
                "/usr/lib/postgresql/%s/bin".formatted(major),
                "/usr/pgsql-%s/bin".formatted(major),
                "/usr/libexec/postgresql%s".formatted(major),
                "/usr/lib/postgresql%s/bin".formatted(major.toString().replace(".", "")),
                "/opt/postgresql/%s/bin".formatted(major),
                "/usr/local/pgsql/bin",
                "/usr/local/bin",
                "/usr/bin"));
        String found = looks.print("command -v postgres");
        int slash = found.lastIndexOf('/');
        if (slash > 0 && !places.contains(found.substring(0, slash))) {
            places.add(found.substring(0, slash));
        }
        return places;
    }

    private Optional<ServerVersion> version(String directory) {
        Matcher matcher =
                VERSION.matcher(looks.print("[ -x \"$1/postgres\" ] && \"$1/postgres\" --version", directory));
        if (!matcher.find()) {
            return Optional.empty();
        }
        int first = Integer.parseInt(matcher.group(1));
        int second = number(matcher.group(2));
        return Optional.of(new ServerVersion(
                first >= 10 ? first * 10_000 + second : first * 10_000 + second * 100 + number(matcher.group(3))));
    }

    /** A beta, such as 19beta3, has no minor number. */
    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private InstallationFacts describe(String directory, ServerVersion version) {
        Known<String> libraryDirectory = libraryDirectory(directory);
        return new InstallationFacts(
                directory,
                version,
                libraryDirectory,
                libraryDirectory.map(this::libraries),
                ask(directory, "block_size"),
                ask(directory, "segment_size"),
                ask(directory, "wal_block_size"),
                version.major().isAtLeast(ServerMajor.V11)
                        ? Known.unknown("initdb decides it from 11 on")
                        : ask(directory, "wal_segment_size"),
                programs(directory));
    }

    private Known<String> libraryDirectory(String directory) {
        String found = looks.print(LIBRARY_DIRECTORY, directory);
        return found.isEmpty()
                ? Known.unknown("no directory with plpgsql.so was found beside \"%s\"".formatted(directory))
                : Known.of(found);
    }

    private Set<String> libraries(String directory) {
        Set<String> names = new HashSet<>();
        looks.print(LIST_LIBRARIES, directory)
                .lines()
                .filter(line -> line.startsWith("./") && line.endsWith(".so"))
                .forEach(line -> names.add(line.substring(2, line.length() - 3)));
        return names;
    }

    private Known<Long> ask(String directory, String setting) {
        String answer = looks.print(ASK, directory, setting).strip();
        return answer.matches("\\d{1,18}")
                ? Known.of(Long.valueOf(answer))
                : Known.unknown("postgres -C %s does not tell".formatted(setting));
    }

    private Set<String> programs(String directory) {
        return new HashSet<>(looks.print("ls \"$1\"", directory).lines().toList());
    }
}
