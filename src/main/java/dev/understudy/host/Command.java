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
 * @param look whether it is a short look that changes nothing, reads no input and leaves nothing running, so that a host
 *     may run it in a shell that stays, one look after the other: over SSH that saves the round trips, the process starts
 *     and the account's start-up files of a command
 */
public record Command(
        List<String> arguments,
        Map<String, String> environment,
        Optional<String> directory,
        Duration limit,
        byte[] input,
        boolean look) {
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
        return new Command(arguments, Map.of(), Optional.empty(), DEFAULT_LIMIT, new byte[0], false);
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
        return new Command(arguments, changed, directory, limit, input, look);
    }

    public Command withDirectory(String path) {
        return new Command(arguments, environment, Optional.of(path), limit, input, look);
    }

    public Command withLimit(Duration duration) {
        return new Command(arguments, environment, directory, duration, input, look);
    }

    public Command withInput(byte[] bytes) {
        return new Command(arguments, environment, directory, limit, bytes, false);
    }

    /** The same as a look; see {@link #look()}. */
    public Command asLook() {
        if (input.length > 0) {
            throw new IllegalStateException("a look reads no input: " + this);
        }
        return new Command(arguments, environment, directory, limit, input, true);
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
