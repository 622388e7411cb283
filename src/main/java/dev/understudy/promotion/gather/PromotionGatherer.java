package dev.understudy.promotion.gather;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.gather.FactsGatherer;
import dev.understudy.host.Host;
import dev.understudy.promotion.facts.Downstream;
import dev.understudy.promotion.facts.PromotionFacts;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;

/** Gathers all facts of one check. Changes nothing anywhere; what cannot be seen becomes a reason. */
public final class PromotionGatherer {
    private final Function<String, Host> hosts;
    private final Clock clock;

    /** @param hosts gives a host by its name; those it gives are closed after the gathering */
    public PromotionGatherer(Function<String, Host> hosts, Clock clock) {
        this.hosts = hosts;
        this.clock = clock;
    }

    public PromotionFacts gather(PromotionRequest request) {
        Facts servers = new FactsGatherer(hosts, clock).gather(request.servers());
        List<Downstream> downstreams = request.downstreams().stream()
                .map(conninfo -> new Downstream(conninfo.withoutSecrets().keywords(), FactsGatherer.attempt(conninfo)))
                .toList();
        try (Sight sight = Sight.open(request, hosts)) {
            return new PromotionFacts(
                    PromotionFacts.VERSION,
                    sight.given(),
                    servers.examinedAt(),
                    servers,
                    downstreams,
                    new WholeGatherer(sight, servers).gather(),
                    new StreamGatherer(sight, servers).gather(),
                    new AroundGatherer(sight, servers).gather(),
                    SettingsGatherer.gather(sight, servers),
                    SurroundingsGatherer.gather(sight));
        }
    }
}
