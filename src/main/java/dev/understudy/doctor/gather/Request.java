package dev.understudy.doctor.gather;

import dev.understudy.doctor.facts.Given;
import dev.understudy.postgres.Conninfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to look at.
 *
 * @param host name of the standby's host, {@code local} or {@code ssh://…}
 * @param dataDirectory the standby's data directory, absolute
 * @param log its log
 * @param standby connection string of the standby, secrets included
 * @param primary connection string of the primary
 * @param primaryHost name of the primary's host, for its free disk
 * @param archive directory that restore_command reads, on the standby's host
 * @param receiver a receiver's directory, on the same host
 * @param slot the slot that is asked about
 * @param bundles directories of backups in two commands, on the machine that examines
 */
public record Request(
        String host,
        Optional<String> dataDirectory,
        Optional<String> log,
        Optional<Conninfo> standby,
        Optional<Conninfo> primary,
        Optional<String> primaryHost,
        Optional<String> archive,
        Optional<String> receiver,
        Optional<String> slot,
        List<Path> bundles) {
    public Request {
        bundles = List.copyOf(bundles);
    }

    Given given() {
        return new Given(
                host,
                dataDirectory,
                log,
                standby.map(conninfo -> conninfo.withoutSecrets().keywords()),
                primary.map(conninfo -> conninfo.withoutSecrets().keywords()),
                archive,
                receiver,
                slot);
    }

    boolean needsHost() {
        return dataDirectory.isPresent() || log.isPresent() || archive.isPresent() || receiver.isPresent();
    }
}
