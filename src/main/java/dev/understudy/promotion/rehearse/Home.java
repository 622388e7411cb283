package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileStatus;
import dev.understudy.host.Host;
import dev.understudy.host.HostFiles;
import dev.understudy.host.ShellQuote;
import dev.understudy.provision.site.TargetSite;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The directory that holds all of a rehearsal, so that removing it removes everything:
 *
 * <pre>
 * understudy-rehearsal/
 *     run           the name of the run that made it
 *     data/         the copy's data directory
 *     wal/          WAL held until the copy gets it
 *     tablespaces/  a directory for each of the standby's tablespaces
 *     socket/       the only way into the copy's server
 *     server.log
 * </pre>
 */
record Home(TargetSite target) {
    private static final String MARKER = "run";

    /** Recorded before it is made. */
    private static final String MADE = "rehearsal_home";

    private static final int MARKER_BYTES = 1024;
    private static final int PRIVATE = 0700;

    /** Source: {@code sun_path} of {@code unix(7)} has 108 bytes, one of which ends it. */
    private static final int LONGEST_SOCKET = 107;

    /** The home's own path; the plan's data directory lies right in it. */
    String path() {
        String data = target.dataDirectory();
        return data.substring(0, data.lastIndexOf('/'));
    }

    /** Where the home is made. */
    String scratch() {
        String path = path();
        int slash = path.lastIndexOf('/');
        return slash == 0 ? "/" : path.substring(0, slash);
    }

    String wal() {
        return path() + "/wal";
    }

    String socket() {
        return path() + "/socket";
    }

    String log() {
        return path() + "/server.log";
    }

    String tablespace(String oid) {
        return path() + "/tablespaces/" + oid;
    }

    private Host host() {
        return target.host();
    }

    private HostFiles files() {
        return host().files();
    }

    boolean exists() {
        return files().status(path()).isPresent();
    }

    /** The run that made the home; empty if there is none, or nobody knows who made it. */
    Optional<String> owner() {
        String marker = path() + "/" + MARKER;
        return files().status(marker).isPresent()
                ? Optional.of(new String(files().read(marker, MARKER_BYTES), StandardCharsets.UTF_8).strip())
                : Optional.empty();
    }

    /** Why no server could be reached through the home's socket, if so. */
    Optional<String> socketObstacle(int port) {
        String socket = socket() + "/.s.PGSQL." + port;
        int length = socket.getBytes(StandardCharsets.UTF_8).length;
        return length <= LONGEST_SOCKET
                ? Optional.empty()
                : Optional.of("the path of its socket would have %d bytes, and may have %d: \"%s\""
                        .formatted(length, LONGEST_SOCKET, socket));
    }

    /**
     * Makes it, with the directories that are the same for every copy; what this run made before is fine.
     *
     * @throws UnderstudyException {@link ErrorCode#TARGET_NOT_OURS}
     */
    void make(StepContext context) {
        if (!isMadeBy(context)) {
            if (exists()) {
                throw inTheWay();
            }
            context.record(MADE, path());
        }
        files().createDirectories(path(), PRIVATE);
        files().writeAtomically(path() + "/" + MARKER, (context.run() + "\n").getBytes(StandardCharsets.UTF_8), 0600);
        for (String directory : List.of(wal(), socket())) {
            files().createDirectories(directory, PRIVATE);
        }
    }

    private boolean isMadeBy(StepContext context) {
        return context.facts().find(MADE).filter(path()::equals).isPresent()
                && owner().map(context.run()::equals).orElse(true);
    }

    /** What says that there is something of others. */
    UnderstudyException inTheWay() {
        return UnderstudyException.of(
                        ErrorCode.TARGET_NOT_OURS, "\"%s\" on host \"%s\" is in the way", path(), host().name())
                .detail(
                        "%s",
                        owner().map(run -> "It is what run " + run + " made.")
                                .orElse("No run of a rehearsal says that it made it."))
                .hint(
                        "If run %s was interrupted, clear it away with: understudy abort %s",
                        owner().orElse("RUN"), owner().orElse("RUN"))
                .hint("What was kept on purpose, its server stopped, goes with: %s", removal())
                .build();
    }

    /** The command that removes it by hand. */
    String removal() {
        return "rm -rf -- " + ShellQuote.quote(path());
    }

    /**
     * Removes it if this run made it; no link in it is followed, so that nothing of the standby's is touched. What says
     * whose it is goes last.
     *
     * @return nothing if there was nothing of this run's
     */
    Optional<Evidence> remove(StepContext context) {
        if (!exists() || !isMadeBy(context)) {
            return Optional.empty();
        }
        for (FileStatus entry : files().list(path())) {
            if (!entry.path().equals(MARKER)) {
                files().deleteRecursively(path() + "/" + entry.path());
            }
        }
        files().deleteRecursively(path());
        return Optional.of(context.evidence("removed \"" + path() + "\" and all below it", "host " + host().name()));
    }
}
