package dev.understudy.promotion.gather;

import dev.understudy.doctor.gather.Request;
import dev.understudy.postgres.Conninfo;
import dev.understudy.promotion.facts.Depth;
import dev.understudy.promotion.facts.Given;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.promotion.policy.StandbyThresholds;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to look at before a promotion.
 *
 * @param standby connection string of the standby, secrets included
 * @param primary connection string of the primary
 * @param host name of the standby's host, {@code local} or {@code ssh://…}
 * @param dataDirectory the standby's data directory, absolute
 * @param downstreams connection strings of standbys that shall follow
 * @param depth how deep corruption is looked for
 * @param primaryHost name of the primary's host; where empty, this machine is looked at in case the primary runs here
 * @param patience how long to wait for the standby to replay what the primary has written
 * @param amcheckLimit how long amcheck may take for one relation
 */
public record PromotionRequest(
        Conninfo standby,
        Optional<Conninfo> primary,
        String host,
        Optional<String> dataDirectory,
        List<Conninfo> downstreams,
        Depth depth,
        Optional<String> primaryHost,
        Duration patience,
        Duration amcheckLimit) {
    private static final Policy STANDARD = Policy.standard();

    public PromotionRequest {
        downstreams = List.copyOf(downstreams);
    }

    /** The same with the standard limits, and without a host for the primary. */
    public PromotionRequest(
            Conninfo standby,
            Optional<Conninfo> primary,
            String host,
            Optional<String> dataDirectory,
            List<Conninfo> downstreams,
            Depth depth) {
        this(standby, primary, host, dataDirectory, downstreams, depth, Optional.empty(), STANDARD);
    }

    /** The same with a policy's limits. */
    public PromotionRequest(
            Conninfo standby,
            Optional<Conninfo> primary,
            String host,
            Optional<String> dataDirectory,
            List<Conninfo> downstreams,
            Depth depth,
            Optional<String> primaryHost,
            Policy policy) {
        this(
                standby,
                primary,
                host,
                dataDirectory,
                downstreams,
                depth,
                primaryHost,
                policy.duration(StandbyThresholds.REPLAY_DELAY),
                policy.duration(StandbyThresholds.AMCHECK_TIME));
    }

    Given given() {
        return new Given(
                standby.withoutSecrets().keywords(),
                primary.map(conninfo -> conninfo.withoutSecrets().keywords()),
                host,
                dataDirectory,
                downstreams.stream()
                        .map(conninfo -> conninfo.withoutSecrets().keywords())
                        .toList(),
                depth);
    }

    /** What the doctor's gatherers look at of it. */
    Request servers() {
        return new Request(
                host,
                dataDirectory,
                Optional.empty(),
                Optional.of(standby),
                primary,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }
}
