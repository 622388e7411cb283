package dev.understudy.pgfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.Oracles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL 15 server with all its client programs, the oracles that our readers are held against. Tests skip where
 * there is none, unless the system property {@code understudy.require} names {@code postgresql-15}.
 */
public final class Postgres15 implements AutoCloseable {
    private final Path bin;
    private final Path home;

    private Postgres15(Path bin, Path home) {
        this.bin = bin;
        this.home = home;
    }

    /** Makes a cluster with page checksums in a new directory; it is not started. */
    public static Postgres15 create(String... initdbOptions) {
        Path bin = Oracles.binDirectory();
        try {
            Path home = Files.createTempDirectory(Path.of("/tmp"), "pg15-");
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
            if (isRoot()) {
                run(List.of("chown", "nobody", home.toString()), false);
            }
            Postgres15 postgres = new Postgres15(bin, home);
            List<String> initdb = new ArrayList<>(
                    List.of("initdb", "-D", postgres.data().toString(), "-U", "postgres", "-A", "trust", "-k", "-N"));
            initdb.addAll(List.of("--no-locale", "-E", "UTF8"));
            initdb.addAll(Arrays.asList(initdbOptions));
            postgres.program(initdb.toArray(String[]::new));
            return postgres;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    public Path data() {
        return home.resolve("data");
    }

    public Path home() {
        return home;
    }

    public Path wal() {
        return data().resolve("pg_wal");
    }

    public void start(String... settings) {
        List<String> command = new ArrayList<>(List.of("pg_ctl", "-D", data().toString(), "-w", "-l"));
        command.add(home.resolve("log").toString());
        StringBuilder options =
                new StringBuilder("-c listen_addresses='' -c unix_socket_directories=" + home + " -c fsync=off");
        for (String setting : settings) {
            options.append(" -c ").append(setting);
        }
        command.addAll(List.of("-o", options.toString(), "start"));
        program(command.toArray(String[]::new));
    }

    public void stop(String mode) {
        program("pg_ctl", "-D", data().toString(), "-w", "-m", mode, "stop");
    }

    /** Runs statements in one session and gives what they print. */
    public String sql(String... statements) {
        List<String> command = new ArrayList<>(List.of("psql", "-h", home.toString(), "-U", "postgres", "-XqAt"));
        for (String statement : statements) {
            command.add("-c");
            command.add(statement);
        }
        return program(command.toArray(String[]::new)).strip();
    }

    /** Runs one of PostgreSQL's programs as an account that may run servers; it must succeed. */
    public String program(String... command) {
        List<String> whole = new ArrayList<>(Arrays.asList(command));
        whole.set(0, bin.resolve(command[0]).toString());
        return run(whole, true);
    }

    private static String run(List<String> command, boolean unprivileged) {
        List<String> whole = new ArrayList<>();
        if (unprivileged && isRoot()) {
            whole.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"));
        }
        whole.addAll(command);
        try {
            Path out = Files.createTempFile("pg15", ".out");
            ProcessBuilder builder =
                    new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(out.toFile());
            builder.directory(new java.io.File("/tmp"));
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            if (!process.waitFor(180, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after three minutes: " + whole);
            }
            String text = Files.readString(out, StandardCharsets.ISO_8859_1);
            Files.delete(out);
            assertThat(process.exitValue()).as(whole + ":\n" + text).isZero();
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(data().resolve("postmaster.pid"))) {
            stop("immediate");
        }
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
