package dev.understudy.transfer.ssh;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.pgfile.directory.CopyDecision;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.postgres.Tablespace;
import dev.understudy.transfer.files.ListingBuilder;
import dev.understudy.transfer.files.RelativePath;
import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.route.Source;
import dev.understudy.transfer.route.SourceReader;
import java.time.Duration;

/** A primary's data directory on another machine, read by its shell, tar, dd and find over several connections. */
public final class SshSource implements Source {
    private static final Duration LIST_LIMIT = Duration.ofMinutes(30);

    /** Each entry as {@code type size seconds mode path}, a NUL, what a link says, a NUL. What vanishes is passed over. */
    private static final String FIND =
            "cd -- \"$1\" || exit 65\nshift\nfind \"$@\" -ignore_readdir_race -printf '%y %s %T@ %m %p\\0%l\\0'";

    private final Host host;
    private final String dataDirectory;

    /**
     * @param host the primary's machine, as an account that may read the files; not closed here
     * @param dataDirectory absolute path there; may be a symbolic link
     */
    public SshSource(Host host, String dataDirectory) {
        this.host = host;
        this.dataDirectory = dataDirectory;
    }

    @Override
    public String via() {
        return "ssh";
    }

    @Override
    public String describe() {
        return "primary \"%s\"".formatted(host.name());
    }

    @Override
    public SourceListing list(CopyRules rules, Runnable liveness) {
        ListingBuilder listing = new ListingBuilder(rules, describe());
        find(rules, listing, liveness, ".");
        for (Tablespace tablespace : listing.tablespaces()) {
            find(rules, listing, liveness, "./pg_tblspc/" + tablespace.oid() + "/");
        }
        return listing.build();
    }

    private void find(CopyRules rules, ListingBuilder listing, Runnable liveness, String start) {
        FindOutput output = new FindOutput(entry -> {
            liveness.run();
            if (entry.path().isEmpty()) {
                listing.root(entry.mode());
            } else if (!entry.path().endsWith("/")
                    && !isBelowLeftOut(RelativePath.checked(entry.path(), describe()), rules)) {
                listing.add(
                        entry.path(),
                        entry.kind(),
                        entry.size(),
                        entry.modifiedSeconds(),
                        entry.mode(),
                        entry.linkTarget());
            }
        });
        Command command =
                Command.shell(FIND, dataDirectory, start).withLimit(LIST_LIMIT).withEnvironment("LC_ALL", "C");
        CommandResult result = PushOutput.run(host, command, output);
        // A failure for a file that went away is none; find says so for it alone, hence every line is looked at.
        boolean onlyVanished = !result.error().isBlank()
                && result.error().lines().allMatch(line -> line.contains("No such file or directory"));
        boolean failed = !result.succeeded() && (result.status() == 65 || !onlyVanished);
        if (failed || !output.isComplete()) {
            throw UnderstudyException.of(
                            ErrorCode.SOURCE_UNREADABLE,
                            "could not list directory \"%s\" of the %s",
                            dataDirectory,
                            describe())
                    .detail("%s", failed ? words(result) : "What find wrote is cut short.")
                    .build();
        }
    }

    private static String words(CommandResult result) {
        return result.error().isBlank()
                ? "find ended with status " + result.status() + " and gave no reason."
                : result.error().strip();
    }

    private static boolean isBelowLeftOut(String path, CopyRules rules) {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            CopyDecision above = rules.decide(path.substring(0, slash));
            if (above == CopyDecision.SKIP || above == CopyDecision.DIRECTORY_ONLY) {
                return true;
            }
        }
        return false;
    }

    @Override
    public SourceReader open() {
        return new SshReader(host.another(), dataDirectory, describe());
    }

    @Override
    public void close() {
        // The host is the caller's; readers close their own connections.
    }
}
