package dev.understudy.provision.wal;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.host.ShellQuote;
import dev.understudy.pgfile.wal.SegmentInput;
import dev.understudy.pgfile.wal.WalIdentity;
import dev.understudy.pgfile.wal.WalSegmentBytes;
import dev.understudy.postgres.WalSegment;
import java.time.Duration;
import java.util.Optional;

/**
 * A standby's {@code restore_command}, run as the standby's server will run it: by the shell of its account, {@code %f}
 * the file's name and {@code %p} where to put it.
 *
 * <p>Source: {@code RestoreArchivedFile} in {@code src/backend/access/transam/xlogarchive.c}.
 *
 * @param host the standby's machine, as its account
 * @param template the command with its placeholders
 */
public record RestoreCommand(Host host, String template) {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /**
     * Fetches a segment into a temporary directory, reads its header, and removes it again.
     *
     * @throws UnderstudyException {@link ErrorCode#RESTORE_COMMAND_FAILED} if the command fails, delivers nothing, or
     *     something that is not that segment
     */
    public WalIdentity fetchHeader(WalSegment segment) {
        String directory = host.run(Command.of("mktemp", "-d")).orThrow().text();
        try {
            String path = directory + "/RECOVERYXLOG";
            CommandResult result = host.run(Command.shell(expand(segment.name(), path))
                    .withDirectory(directory)
                    .withLimit(LIMIT));
            if (!result.succeeded()) {
                throw failed(
                        segment,
                        "It ended with status " + result.status() + ": "
                                + result.error().strip());
            }
            long size = host.files().status(path).map(status -> status.size()).orElse(-1L);
            if (size != segment.size().bytes()) {
                throw failed(segment, size < 0 ? "It delivered no file." : "It delivered " + size + " bytes.");
            }
            return header(segment, path);
        } finally {
            host.files().deleteRecursively(directory);
        }
    }

    private WalIdentity header(WalSegment segment, String path) {
        WalSegmentBytes fetched = new WalSegmentBytes(
                segment.name(), false, (offset, length) -> host.files().readRange(path, offset, length));
        Optional<WalIdentity> identity = identity(fetched);
        return identity.filter(found -> found.start().equals(segment.start()))
                .orElseThrow(() -> failed(segment, "What it delivered does not begin at " + segment.start() + "."));
    }

    private static Optional<WalIdentity> identity(SegmentInput segment) {
        return WalIdentity.read(segment);
    }

    private String expand(String name, String path) {
        StringBuilder command = new StringBuilder();
        for (int i = 0; i < template.length(); i++) {
            char character = template.charAt(i);
            char next = i + 1 < template.length() ? template.charAt(i + 1) : ' ';
            if (character != '%') {
                command.append(character);
                continue;
            }
            switch (next) {
                case 'f' -> command.append(name);
                case 'p' -> command.append(ShellQuote.quote(path));
                case 'r' -> command.append(name);
                case '%' -> command.append('%');
                default -> command.append(character).append(next);
            }
            i++;
        }
        return command.toString();
    }

    private UnderstudyException failed(WalSegment segment, String detail) {
        return UnderstudyException.of(
                        ErrorCode.RESTORE_COMMAND_FAILED,
                        "restore_command does not deliver segment %s on host \"%s\"",
                        segment,
                        host.name())
                .detail("%s", detail)
                .hint("Run it by hand as account \"%s\": %s", host.account().name(), template)
                .build();
    }
}
