package dev.understudy.cli.demo;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A server of the demo, by its own programs.
 *
 * @param host this machine as the account that the server runs as
 * @param binDirectory holds {@code initdb} and {@code pg_ctl}
 * @param dataDirectory absolute path
 */
record DemoServer(Host host, Path binDirectory, Path dataDirectory) {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Makes the data directory; the superuser's password is read from a file. */
    void initialize(Path passwordFile, String authentication) {
        run(
                "initdb",
                "-D",
                dataDirectory.toString(),
                "-U",
                "postgres",
                "-A",
                authentication,
                "--pwfile=" + passwordFile,
                "-E",
                "UTF8",
                "--locale=C",
                "-k",
                "-N");
    }

    /** Starts it and waits until it answers. */
    void start(Path log) {
        run("pg_ctl", "-D", dataDirectory.toString(), "-l", log.toString(), "-w", "-t", "60", "start");
    }

    /** Stops it at once; its files are not needed any more. One that does not run is fine. */
    void stopAtOnce() {
        if (isRunning()) {
            Command stop =
                    command("pg_ctl", "-D", dataDirectory.toString(), "-w", "-t", "30", "-m", "immediate", "stop");
            CommandResult result = host.run(stop);
            if (!result.succeeded() && isRunning()) {
                result.orThrow();
            }
        }
    }

    boolean isRunning() {
        return Files.exists(dataDirectory.resolve("postmaster.pid"), LinkOption.NOFOLLOW_LINKS);
    }

    private void run(String program, String... arguments) {
        CommandResult result = host.run(command(program, arguments));
        if (!result.succeeded()) {
            throw UnderstudyException.of(ErrorCode.DEMO_FAILED, "%s of the demo's server failed", program)
                    .detail("%s", (result.text() + "\n" + result.error()).strip())
                    .build();
        }
    }

    private Command command(String program, String... arguments) {
        List<String> line =
                new java.util.ArrayList<>(List.of(binDirectory.resolve(program).toString()));
        line.addAll(List.of(arguments));
        return Command.of(line)
                .withEnvironment("LC_ALL", "C")
                .withDirectory("/")
                .withLimit(LIMIT);
    }
}
