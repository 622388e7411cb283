package dev.understudy.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Where and when figures were measured; without it they mean nothing.
 *
 * @param at when
 * @param machine processors, memory, kernel, JDK
 * @param database what was copied
 * @param command what was typed to measure it
 * @param rounds how many rounds each row had
 * @param load the machine's load average when it began: above one, somebody else was at work
 */
record Surroundings(Instant at, String machine, String database, String command, int rounds, double load) {
    static Surroundings of(Settings settings, Cluster cluster) {
        return new Surroundings(
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                "%d processors (%s), %d GB, Linux %s, JDK %s"
                        .formatted(
                                Runtime.getRuntime().availableProcessors(),
                                field("/proc/cpuinfo", "model name"),
                                Math.round(Double.parseDouble(field("/proc/meminfo", "MemTotal")
                                                .replaceAll("\\D", ""))
                                        / 1e6),
                                System.getProperty("os.version"),
                                System.getProperty("java.version")),
                "%s MB, %s relations, PostgreSQL %s"
                        .formatted(
                                cluster.query("SELECT round(sum(pg_database_size(oid)) / 1000000) FROM pg_database"),
                                cluster.query(
                                        "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'i', 't', 'm', 'S')"),
                                cluster.query("SHOW server_version")),
                settings.command(),
                settings.rounds(),
                loadAverage());
    }

    private static String field(String file, String name) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static double loadAverage() {
        try {
            return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0]);
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "Measured %s on %s; database: %s; %d rounds, medians; load before: %.1f; `%s`.",
                at,
                machine,
                database,
                rounds,
                load,
                command);
    }
}
