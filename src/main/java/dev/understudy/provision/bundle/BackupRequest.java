package dev.understudy.provision.bundle;

import dev.understudy.postgres.Conninfo;
import dev.understudy.server.backup.CheckpointMode;
import dev.understudy.server.connect.ResolvedConninfo;
import java.time.Duration;
import java.util.Optional;

/**
 * What a keeper is asked for.
 *
 * @param primary how the server is reached, secrets included
 * @param slot the physical slot to make; empty if WAL is kept by an archive
 * @param label stands in the backup's label, before what makes that one unique
 * @param limit after which the backup is given up
 */
public record BackupRequest(
        Conninfo primary, Optional<String> slot, Optional<String> label, CheckpointMode checkpoint, Duration limit) {
    /** How others reach the server, with what this machine's environment added, without secrets. */
    Conninfo reachable() {
        return ResolvedConninfo.of(primary)
                .conninfo()
                .withoutSecrets()
                .without("service", "servicefile", "connect_timeout", "application_name");
    }
}
