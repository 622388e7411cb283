package dev.understudy.provision.preflight.check.target;

import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PathFacts;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import java.nio.charset.StandardCharsets;

/** A check of the directory for the standby's Unix socket: there, writable for its account, and short enough for the operating system. */
@CheckInfo(
        id = "socket-directory",
        summary = "The socket directory exists, can be written and its name is not too long")
public final class SocketDirectoryCheck implements PreflightCheck {
    /** Bytes of a Unix socket's path without the NUL at its end. Source: {@code sun_path} of {@code unix(7)}. */
    private static final int LONGEST = 107;

    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.target()
                .flatMap(target -> target.socketDirectory()
                        .orElse(Known.unknown("the plan names no socket directory; the server's default is taken")))
                .match(path -> judge(facts, path), this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, PathFacts path) {
        int port = facts.target().value().flatMap(target -> target.port()).orElse(65_535);
        String socket = path.path() + "/.s.PGSQL." + port;
        int length = socket.getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST) {
            return fail("the socket \"%s\" has a name of %d bytes, and %d are possible", socket, length, LONGEST)
                    .hint("Give a shorter socket_directory.");
        }
        if (path.kind() != PathFacts.Kind.DIRECTORY) {
            return fail(
                            "the socket directory \"%s\" %s",
                            path.path(), path.isAbsent() ? "does not exist" : "is not a directory the account can use")
                    .hint("Make it for the standby's account, or name another in socket_directory.");
        }
        if (path.parentIssue().isPresent()) {
            return fail(
                            "the socket directory \"%s\" %s",
                            path.path(), path.parentIssue().get())
                    .hint("Give the standby's account the right to write there, or name another in socket_directory.");
        }
        return pass("the socket directory \"%s\" is there and can be written", path.path());
    }
}
