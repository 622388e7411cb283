package dev.understudy.benchmark;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
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
    static Settings read() {
        return new Settings(
                Integer.getInteger("understudy.benchmark.megabytes", 4500),
                Integer.getInteger("understudy.benchmark.tables", 12_500),
                Integer.getInteger("understudy.benchmark.rounds", 5),
                Arrays.stream(System.getProperty("understudy.benchmark.only", "")
                                .split(",", -1))
                        .filter(id -> !id.isBlank())
                        .collect(Collectors.toUnmodifiableSet()),
                Path.of(System.getProperty("understudy.benchmark.directory", "target/benchmark"))
                        .toAbsolutePath());
    }

    boolean wants(String id) {
        return only.isEmpty() || only.contains(id);
    }
}
