package dev.understudy.doctor.facts;

import java.util.Optional;

/**
 * What the examination was given to look at, for remedies' commands.
 *
 * @param host {@code local} or {@code ssh://…}
 * @param dataDirectory the standby's, an absolute path on that host
 * @param log the log file that was named
 * @param standby connection string without secrets
 * @param primary connection string without secrets
 * @param archive the directory that restore_command reads
 * @param receiver the directory of a pg_receivewal-like receiver
 * @param slot the slot that is asked about
 */
public record Given(
        String host,
        Optional<String> dataDirectory,
        Optional<String> log,
        Optional<String> standby,
        Optional<String> primary,
        Optional<String> archive,
        Optional<String> receiver,
        Optional<String> slot) {
    /** The standby's data directory for a command line; a word in capitals where it was not given. */
    public String dataDirectoryOrWord() {
        return dataDirectory.orElse("DATADIR");
    }

    public String primaryOrWord() {
        return primary.orElse("CONNINFO");
    }
}
