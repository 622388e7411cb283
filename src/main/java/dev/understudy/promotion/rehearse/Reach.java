package dev.understudy.promotion.rehearse;

import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.provision.site.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the copy's account reaches of the standby's files: whether they can be taken by commands on one machine, and whether
 * by sharing blocks. Commands stand back behind all other work of the machine, as far as it has {@code nice} and {@code
 * ionice}.
 */
record Reach(Site site) {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** {@code $1} the standby's data directory. */
    private static final String READABLE =
            "[ -r \"$1/PG_VERSION\" ] && [ -r \"$1/global/pg_control\" ] && [ -x \"$1/base\" ]";

    /** {@code $1} where the copy goes; then the directories that blocks are to be shared with, a file of each is tried. */
    private static final String REFLINKS = """
            t=$1/.understudy-reflink.$$
            shift
            trap 'rm -f -- "$t"' EXIT
            for d; do
                f=$(find "$d" -type f -size +0 -readable 2>/dev/null | head -n 1)
                [ -n "$f" ] || continue
                cp --reflink=always -- "$f" "$t" || exit 1
                rm -f -- "$t"
            done
            """;

    private static final String GENTLY = """
            if command -v ionice > /dev/null 2>&1 && ionice -c 3 true 2>/dev/null; then set -- ionice -c 3 "$@"; fi
            if command -v nice > /dev/null 2>&1; then set -- nice -n 19 "$@"; fi
            exec "$@"
            """;

    /** The machine of the standby's files, as whoever logged in there. */
    Host standbyHost() {
        return site.primary().host().orElse(site.here());
    }

    Host copyHost() {
        return site.target().host();
    }

    /** Whether the copy's account reads the standby's files on the machine where the copy goes. */
    boolean isOneMachine(String dataDirectory) {
        return standbyHost().name().equals(copyHost().name())
                && copyHost()
                        .run(Command.shell(READABLE, dataDirectory).withLimit(LIMIT))
                        .succeeded();
    }

    /**
     * Tries whether blocks can be shared, by sharing one file's and removing it again.
     *
     * @param directories of the standby
     * @return why not; empty if they can
     */
    Optional<String> reflinkObstacle(String scratch, List<String> directories) {
        if (!isOneMachine(directories.get(0))) {
            return Optional.of("the account of the copy cannot read the standby's files where the copy goes");
        }
        List<String> arguments = new ArrayList<>(List.of("/bin/sh", "-c", REFLINKS, "sh", scratch));
        arguments.addAll(directories);
        CommandResult result = copyHost()
                .run(Command.of(arguments).withEnvironment("LC_ALL", "C").withLimit(LIMIT));
        return result.succeeded()
                ? Optional.empty()
                : Optional.of("their file system shares no blocks with the scratch directory's"
                        + reason(result.error().strip()));
    }

    /** {@code cp} says it behind the names of two files. */
    private static String reason(String error) {
        String line = error.lines().findFirst().orElse("");
        int colon = line.lastIndexOf(": ");
        return colon < 0 ? "" : " (%s)".formatted(line.substring(colon + 2));
    }

    /** A command that stands back behind others. */
    static Command gently(Command command) {
        List<String> arguments = new ArrayList<>(List.of("/bin/sh", "-c", GENTLY, "sh"));
        arguments.addAll(command.arguments());
        return new Command(
                arguments,
                command.environment(),
                command.directory(),
                command.limit(),
                command.input(),
                command.look());
    }
}
