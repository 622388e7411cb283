package dev.understudy.provision.preflight.request;

import dev.understudy.host.Host;
import dev.understudy.postgres.Conninfo;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What the preflight is to look at.
 *
 * @param primary how this process reaches the primary (or the standby that is the source)
 * @param primaryHost the machine whose shell can reach the primary's files; empty if no shell is to be used there
 * @param target the standby's machine, acting as the account that is to own the standby
 * @param replication how the standby is going to follow the primary
 * @param intent what is going to be done
 * @param skip ids of checks that are not to be made
 * @param limit how long any one look may take
 */
public record PreflightRequest(
        Conninfo primary,
        Optional<Host> primaryHost,
        Host target,
        Conninfo replication,
        Intent intent,
        Set<String> skip,
        Duration limit) {
    public static final Duration DEFAULT_LIMIT = Duration.ofSeconds(20);

    public PreflightRequest {
        skip = Set.copyOf(skip);
    }

    /** No shell on the primary, nothing skipped. */
    public static PreflightRequest of(Conninfo primary, Host target, Conninfo replication, Intent intent) {
        return new PreflightRequest(primary, Optional.empty(), target, replication, intent, Set.of(), DEFAULT_LIMIT);
    }

    public PreflightRequest withPrimaryHost(Host host) {
        return new PreflightRequest(primary, Optional.of(host), target, replication, intent, skip, limit);
    }

    public PreflightRequest withIntent(Intent other) {
        return new PreflightRequest(primary, primaryHost, target, replication, other, skip, limit);
    }

    public PreflightRequest skipping(String... ids) {
        return new PreflightRequest(primary, primaryHost, target, replication, intent, Set.of(ids), limit);
    }
}
