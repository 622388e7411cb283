package dev.understudy.provision.clone;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.provision.site.ServerPaths;
import dev.understudy.provision.site.Site;
import dev.understudy.server.Session;

/** Looks at the directory that a hook was to put the clone into, before anything is written to it. */
final class ClonedDirectory {
    /**
     * The running source tells by its working directory, or on one machine one file of both does, whatever path leads
     * there; on another machine the same path is another directory.
     */
    private static final String IS_SOURCE = """
            [ "$3" = true ] && [ "$1/PG_VERSION" -ef "$2/PG_VERSION" ] && exit 0
            p=$(head -n 1 "$1/postmaster.pid" 2>/dev/null) && [ -n "$p" ] && [ "/proc/$p/cwd" -ef "$1" ]
            """;

    private final Site site;

    ClonedDirectory(Site site) {
        this.site = site;
    }

    /**
     * That there is a data directory; whether it is a clone of this backup is the seal's to judge.
     *
     * @throws UnderstudyException {@link ErrorCode#CLONE_MISSING}
     */
    Evidence requireThere(StepContext context) {
        String version = site.target().path("PG_VERSION");
        if (site.target().host().files().status(version).isEmpty()) {
            throw UnderstudyException.of(
                            ErrorCode.CLONE_MISSING,
                            "there is no data directory in \"%s\" on %s after the hooks",
                            site.target().dataDirectory(),
                            site.target().host().name())
                    .hint("data_directory is where the clone's data directory is after the attach hook.")
                    .build();
        }
        return context.evidence("a data directory is there", version);
    }

    /**
     * That it is not the source's own, which sealing would be the end of.
     *
     * @throws UnderstudyException {@link ErrorCode#CLONE_MISSING}
     */
    Evidence requireNotSource(StepContext context) {
        String source;
        try (Session session = site.primary().open()) {
            source = ServerPaths.of(session).dataDirectory();
        }
        boolean same = site.target()
                .host()
                .run(Command.shell(
                        IS_SOURCE, site.target().dataDirectory(), source, Boolean.toString(site.sharesMachine())))
                .succeeded();
        if (same) {
            throw UnderstudyException.of(
                            ErrorCode.CLONE_MISSING,
                            "\"%s\" is the data directory of a running server, not a clone of one",
                            site.target().dataDirectory())
                    .detail("The source's own is \"%s\".", source)
                    .hint("Let the hook put the clone elsewhere, and give that place as data_directory.")
                    .build();
        }
        return context.evidence(
                "it is not the source's own, which is \"" + source + "\"",
                "postmaster.pid; data_directory of the source");
    }
}
