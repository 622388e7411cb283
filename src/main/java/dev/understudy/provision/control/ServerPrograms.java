package dev.understudy.provision.control;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.postgres.ServerMajor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The PostgreSQL server programs of an installation on a host.
 *
 * @param binDirectory absolute path of the directory that holds {@code postgres} and {@code pg_ctl}
 * @param version what {@code postgres --version} says, for example {@code 15.18}
 * @param major its major
 */
public record ServerPrograms(String binDirectory, String version, ServerMajor major) {
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (9\\.6|\\d+)(\\S*)");

    /**
     * Finds the programs for a major: where the plan says, else where Debian, Red Hat, the source's default and PATH have
     * them.
     *
     * @param configured the plan's {@code bin_directory}
     * @throws UnderstudyException {@link ErrorCode#SERVER_PROGRAMS_MISSING} if there are none of that major
     */
    public static ServerPrograms find(Host host, Optional<String> configured, ServerMajor major) {
        List<String> seen = new ArrayList<>();
        for (String directory : configured.map(Set::of).orElseGet(() -> candidates(host, major))) {
            Optional<ServerPrograms> programs = inspect(host, directory);
            if (programs.filter(found -> found.major().equals(major)).isPresent()) {
                return programs.get();
            }
            seen.add(programs.map(found -> directory + " (" + found.version() + ")")
                    .orElse(directory + " (no postgres)"));
        }
        throw UnderstudyException.of(
                        ErrorCode.SERVER_PROGRAMS_MISSING,
                        "no PostgreSQL %s server programs on host \"%s\"",
                        major,
                        host.name())
                .detail("Looked in: %s.", String.join(", ", seen))
                .hint(
                        "Install the server package of PostgreSQL %s there, or name its directory with bin_directory.",
                        major)
                .build();
    }

    /** What installation a directory holds, if any. */
    public static Optional<ServerPrograms> inspect(Host host, String directory) {
        CommandResult result =
                host.run(Command.of(directory + "/postgres", "--version").asLook());
        Matcher matcher = VERSION.matcher(result.text());
        return result.succeeded() && matcher.find()
                ? Optional.of(new ServerPrograms(
                        directory, matcher.group(1) + matcher.group(2), ServerMajor.parse(matcher.group(1))))
                : Optional.empty();
    }

    private static Set<String> candidates(Host host, ServerMajor major) {
        Set<String> directories = new LinkedHashSet<>(List.of(
                "/usr/lib/postgresql/" + major + "/bin", "/usr/pgsql-" + major + "/bin", "/usr/local/pgsql/bin"));
        CommandResult onPath = host.run(Command.shell("command -v postgres; pg_config --bindir 2>/dev/null; true")
                .asLook());
        onPath.text()
                .lines()
                .filter(line -> line.startsWith("/"))
                .forEach(line -> directories.add(
                        line.endsWith("/postgres") ? line.substring(0, line.length() - "/postgres".length()) : line));
        return directories;
    }

    public String program(String name) {
        return binDirectory + "/" + name;
    }
}
