package dev.understudy.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * PostgreSQL 15's own client programs, which say whether we are right: they owe nothing to our readers. Looked for where
 * packages put them first, since other versions may come earlier on the PATH; tests that ask for one are skipped where
 * there is none, see {@link Required}.
 */
public final class Oracles {
    private static final Pattern VERSION = Pattern.compile(".*\\(PostgreSQL\\) 15\\..*", Pattern.DOTALL);
    private static final List<String> PROGRAMS = List.of(
            "initdb",
            "pg_basebackup",
            "pg_checksums",
            "pg_controldata",
            "pg_ctl",
            "pg_verifybackup",
            "pg_waldump",
            "postgres",
            "psql");

    private Oracles() {}

    /** The directory that holds all of the programs; skips the test where there is none. */
    public static Path binDirectory() {
        Optional<Path> found = find();
        Required.part(
                "postgresql-15",
                found.isPresent(),
                "found no directory with version 15 of " + PROGRAMS
                        + "; on Debian 12 install postgresql-15 and postgresql-client-15");
        return found.orElseThrow();
    }

    /** One program's absolute path; skips the test where PostgreSQL 15 is missing. */
    public static Path program(String name) {
        return binDirectory().resolve(name);
    }

    /**
     * Runs a program as the servers' account (some refuse root) with messages in English, at most two minutes, and gives
     * what it wrote; fails if its status is not 0.
     */
    public static String run(String program, String... arguments) {
        List<String> line = new ArrayList<>(List.of(program(program).toString()));
        line.addAll(List.of(arguments));
        return Account.run(Account.asServer(line), Map.of("LC_ALL", "C", "TZ", "UTC"));
    }

    /** The same as whoever runs the tests, for files of our own making. */
    public static String runAsOurselves(String program, String... arguments) {
        List<String> line = new ArrayList<>(List.of(program(program).toString()));
        line.addAll(List.of(arguments));
        return Account.run(line, Map.of("LC_ALL", "C", "TZ", "UTC"));
    }

    /** What {@code pg_controldata} prints of a data directory, a line a field. */
    public static String controlData(Path dataDirectory) {
        return run("pg_controldata", "-D", dataDirectory.toString());
    }

    private static Optional<Path> find() {
        Stream<String> usual = Stream.of("/usr/lib/postgresql/15/bin", "/usr/pgsql-15/bin");
        Stream<String> path =
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1));
        return Stream.concat(usual, path)
                .filter(directory -> directory.startsWith("/"))
                .map(Path::of)
                .filter(Oracles::holdsAll)
                .findFirst();
    }

    private static boolean holdsAll(Path directory) {
        return PROGRAMS.stream().map(directory::resolve).allMatch(Files::isExecutable)
                && VERSION.matcher(Account.run(
                                List.of(directory.resolve("postgres").toString(), "--version"), Map.of()))
                        .matches();
    }
}
