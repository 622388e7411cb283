package dev.understudy.benchmark;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a benchmark run is asked for, by system properties {@code understudy.benchmark.NAME}.
 *
 * @param megabytes size of the large tables together, in MB
 * @param smallTables how many small tables there are besides; each has four files
 * @param rounds how many times each contest is held, its sides in turn first
 * @param only ids of the contests to hold; all if empty
 * @param directory where databases and copies lie; kept, so that the next run need not fill the database again
 */
record Settings(int megabytes, int smallTables, int rounds, Set<String> only, Path directory) {
    Settings {
        if (megabytes < 0 || smallTables < 0 || rounds < 1) {
            throw new IllegalArgumentException(
                    "understudy.benchmark.megabytes and tables are at least 0, rounds at least 1");
        }
    }

    static Settings read() {
        return new Settings(
                Integer.getInteger("understudy.benchmark.megabytes", 4500),
                Integer.getInteger("understudy.benchmark.tables", 12_500),
                Integer.getInteger("understudy.benchmark.rounds", 5),
                Arrays.stream(System.getProperty("understudy.benchmark.only", "")
                                .split(",", -1))
                        .map(String::strip)
                        .filter(id -> !id.isEmpty())
                        .collect(Collectors.toUnmodifiableSet()),
                Path.of(System.getProperty("understudy.benchmark.directory", "target/benchmark"))
                        .toAbsolutePath());
    }

    /** The command that asks for the same. */
    String command() {
        String line =
                "mvn -Pbenchmark verify -Dunderstudy.benchmark.megabytes=%d -Dunderstudy.benchmark.tables=%d -Dunderstudy.benchmark.rounds=%d"
                        .formatted(megabytes, smallTables, rounds);
        return only.isEmpty() ? line : line + " -Dunderstudy.benchmark.only=" + String.join(",", new TreeSet<>(only));
    }

    boolean wants(String id) {
        return only.isEmpty() || only.contains(id);
    }

    /** Refuses names that no contest has, before hours go by without it. */
    void check(Collection<String> known) {
        Set<String> unknown = new TreeSet<>(only);
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "no contest is called %s; there are %s (understudy.benchmark.only takes several, with commas)"
                            .formatted(String.join(", ", unknown), String.join(", ", known)));
        }
    }
}
