package dev.understudy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The command line in a process of its own, as people and scripts start it, with a home and a state of its own. */
public final class Understudy {
    private static final int LIMIT_SECONDS = 180;

    private final Path home;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final AtomicInteger processes = new AtomicInteger();
    private List<String> wrapper = List.of();
    private Path program = Path.of("target").toAbsolutePath();

    /** @param home an empty directory: for {@code ~/.pgpass}, {@code ~/.ssh} and the state */
    public Understudy(Path home) {
        this.home = home;
    }

    /** How a process ended and what it wrote. */
    public record Ended(int status, String out, String err) {
        /** Both streams, for searching and for a failed test's message. */
        public String said() {
            return "status " + status + "\n" + out + err;
        }
    }

    /** A process that runs, in a process group of its own. */
    public static final class Running {
        private final Process process;
        private final Path out;
        private final Path err;

        private Running(Process process, Path out, Path err) {
            this.process = process;
            this.out = out;
            this.err = err;
        }

        public boolean isAlive() {
            return process.isAlive();
        }

        /** What it wrote so far, both streams. */
        public String said() {
            return read(out) + read(err);
        }

        /** Kills it and all of its children that are in its process group, at once. */
        public void killGroup() {
            Account.run(List.of("kill", "-KILL", "--", "-" + process.pid()), Map.of());
            end();
        }

        /** Sends a signal to the process itself: {@code INT} is what Ctrl-C sends. */
        public void signal(String name) {
            Account.run(List.of("kill", "-" + name, Long.toString(process.pid())), Map.of());
        }

        /** Waits until it ends. */
        public Ended end() {
            try {
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException("did not end in time:\n" + said());
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            return new Ended(process.exitValue(), read(out), read(err));
        }
    }

    /** Sets a variable of its environment. */
    public Understudy with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Words before the program's own, such as those of {@code setpriv} or {@code unshare}. */
    public Understudy wrappedIn(List<String> words) {
        wrapper = List.copyOf(words);
        return this;
    }

    /**
     * Runs every later process as the servers' account, which may not read this tree perhaps: from a copy of the program.
     *
     * @param copy a directory that is not there yet, which that account may reach
     */
    public Understudy asServersAccount(Path copy) {
        Account.run(List.of("mkdir", copy.toString()), Map.of());
        Account.run(
                List.of(
                        "cp",
                        "-rL",
                        program.resolve("understudy.jar").toString(),
                        program.resolve("lib").toString(),
                        copy.toString()),
                Map.of());
        Account.run(List.of("chmod", "-R", "a+rX", copy.toString()), Map.of());
        program = copy;
        wrapper = Account.asServer(List.of());
        return this;
    }

    public Path state() {
        return home.resolve("state");
    }

    /** Runs one command line to its end. */
    /** The name of the one run that was begun. */
    public String onlyRun() {
        try (Stream<Path> runs = Files.list(state().resolve("runs"))) {
            List<Path> all = runs.filter(Files::isDirectory).toList();
            assertThat(all).hasSize(1);
            return all.get(0).getFileName().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Ended run(List<String> arguments) {
        return start(arguments).end();
    }

    /** Runs one command line to its end. */
    public Ended run(String... arguments) {
        return run(List.of(arguments));
    }

    /** Runs {@code understudy run PLAYBOOK} with these parameters to its end. */
    public Ended runPlaybook(String playbook, Map<String, String> parameters) {
        return run(command("run", playbook, parameters));
    }

    /** The words of a command that takes a playbook. */
    public static List<String> command(String verb, String playbook, Map<String, String> parameters) {
        List<String> words = new ArrayList<>(List.of(verb, playbook));
        parameters.forEach((name, value) -> words.addAll(List.of("-e", name + "=" + value)));
        return words;
    }

    /** Runs one command line to its end, with what a person types when it asks. */
    public Ended answering(String typed, List<String> arguments) {
        Path input = home.resolve("in." + (processes.get() + 1));
        try {
            Files.writeString(input, typed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return start(arguments, ProcessBuilder.Redirect.from(input.toFile())).end();
    }

    /** Starts one command line. */
    public Running start(List<String> arguments) {
        return start(arguments, ProcessBuilder.Redirect.PIPE);
    }

    private Running start(List<String> arguments, ProcessBuilder.Redirect input) {
        int number = processes.incrementAndGet();
        Path out = home.resolve("out." + number);
        Path err = home.resolve("err." + number);
        // Tests that were started in the background ignore Ctrl-C, and their children would with them.
        List<String> line = new ArrayList<>(List.of("setsid", "env", "--default-signal=INT,QUIT"));
        line.addAll(wrapper);
        line.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dunderstudy.home=" + Path.of("").toAbsolutePath(),
                "-jar",
                program.resolve("understudy.jar").toString()));
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectInput(input)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().remove("SSH_AUTH_SOCK");
        builder.environment().put("HOME", home.toString());
        builder.environment().put("UNDERSTUDY_STATE", state().toString());
        builder.environment().putAll(environment);
        try {
            return new Running(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
