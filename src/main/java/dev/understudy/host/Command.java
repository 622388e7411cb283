package dev.understudy.host;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A program with its arguments, to be run on a host. No shell sees the arguments unquoted, wherever the host is.
 *
 * @param arguments the program, found through PATH or absolute, and its arguments, byte for byte
 * @param environment variables set besides those of the host; never secrets that a process list could show
 * @param directory absolute path of the working directory; the account's home or this process's where empty
 * @param limit how long it may run before it is killed
 * @param input what it reads on standard input, with nothing after it
 */
public record Command(
        List<String> arguments,
        Map<String, String> environment,
        Optional<String> directory,
        Duration limit,
        byte[] input) {
    public static final Duration DEFAULT_LIMIT = Duration.ofMinutes(1);

    public Command {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        input = input.clone();
    }

    public static Command of(String... arguments) {
        return of(List.of(arguments));
    }

    public static Command of(List<String> arguments) {
        return new Command(arguments, Map.of(), Optional.empty(), DEFAULT_LIMIT, new byte[0]);
    }

    /** A script for {@code /bin/sh}; {@code positional} become {@code $1}, {@code $2} and so on, safe from the shell. */
    public static Command shell(String script, String... positional) {
        List<String> arguments = new java.util.ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
        arguments.addAll(List.of(positional));
        return of(arguments);
    }

    public Command withEnvironment(String name, String value) {
        Map<String, String> changed = new TreeMap<>(environment);
        changed.put(name, value);
        return new Command(arguments, changed, directory, limit, input);
    }

    public Command withDirectory(String path) {
        return new Command(arguments, environment, Optional.of(path), limit, input);
    }

    public Command withLimit(Duration duration) {
        return new Command(arguments, environment, directory, duration, input);
    }

    public Command withInput(byte[] bytes) {
        return new Command(arguments, environment, directory, limit, bytes);
    }

    @Override
    public byte[] input() {
        return input.clone();
    }

    /** The command line for people, quoted for a shell; without environment and input. */
    @Override
    public String toString() {
        return ShellQuote.join(arguments);
    }
}
