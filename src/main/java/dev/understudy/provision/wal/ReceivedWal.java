package dev.understudy.provision.wal;

import dev.understudy.host.Command;
import dev.understudy.host.FileStatus;
import dev.understudy.host.Host;
import java.time.Duration;

/**
 * WAL that came together with a backup. Until the standby is about to be started it lies in a directory of its own below
 * the WAL directory, where no server looks: with the WAL at hand and a label, but without its signal file, a server would
 * recover, find the end of the backup, and open as a second primary on the timeline of the first.
 *
 * @param host the target's machine as the standby's account
 * @param walDirectory absolute path; may be a link
 */
public record ReceivedWal(Host host, String walDirectory) {
    /** Name of the directory. */
    public static final String DIRECTORY = "received";

    /** Recorded as true once the files may have their place. */
    public static final String INSTALLED = "received_wal_installed";

    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** {@code $1} WAL directory, {@code $2} name of the other. */
    private static final String WITHHOLD =
            "cd -- \"$1\" || exit 1\n[ -d \"$2\" ] || mkdir -m 0700 -- \"$2\" || exit 1\n"
                    + "for f in *; do [ ! -f \"$f\" ] || mv -f -- \"$f\" \"$2/$f\" || exit 1; done\nsync -f -- \"$2\"";

    /** What was cut short while it was received is of no use. */
    private static final String INSTALL =
            "cd -- \"$1/$2\" || exit 1\nrm -f -- *" + SegmentFiles.PENDING + " || exit 1\n"
                    + "for f in *; do [ ! -f \"$f\" ] || mv -f -- \"$f\" ../\"$f\" || exit 1; done\n"
                    + "cd .. && rmdir -- \"$2\" && sync -f -- .";

    /** Where it is withheld. */
    public String directory() {
        return walDirectory + "/" + DIRECTORY;
    }

    public boolean isWithheld() {
        return host.files().status(directory()).filter(FileStatus::isDirectory).isPresent();
    }

    /** Where the segments are now. */
    public String current() {
        return isWithheld() ? directory() : walDirectory;
    }

    /** Takes what is in the WAL directory out of a server's reach. */
    public void withhold() {
        run(WITHHOLD);
    }

    /** Puts every segment where the server reads it; may be repeated after it was cut short. */
    public void install() {
        if (isWithheld()) {
            run(INSTALL);
        }
    }

    private void run(String script) {
        host.run(Command.shell(script, walDirectory, DIRECTORY).withLimit(LIMIT))
                .orThrow();
    }
}
