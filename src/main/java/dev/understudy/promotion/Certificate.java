package dev.understudy.promotion;

import dev.understudy.doctor.facts.ServerView;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.server.facts.WalPositions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a verdict is about: which server, when, and where in the WAL it was.
 *
 * @param examinedAt when the facts were gathered
 * @param standby its connection string without secrets
 * @param host where its files are, with the data directory if it was given
 * @param primary the primary's connection string without secrets, if it was given
 * @param values further things by name, in their order; those that are not known are left out
 */
public record Certificate(
        Instant examinedAt, String standby, String host, Optional<String> primary, Map<String, String> values) {
    public Certificate {
        values = new LinkedHashMap<>(values);
    }

    static Certificate of(PromotionFacts facts) {
        Map<String, String> values = new LinkedHashMap<>();
        facts.standby().value().ifPresent(view -> standby(values, view));
        facts.primary().value().flatMap(ServerView::end).ifPresent(lsn -> values.put("primaryLsn", lsn.toString()));
        return new Certificate(
                facts.examinedAt(),
                facts.given().standby(),
                facts.given().host()
                        + facts.given().dataDirectory().map(path -> " " + path).orElse(""),
                facts.given().primary(),
                values);
    }

    private static void standby(Map<String, String> values, ServerView view) {
        values.put("systemIdentifier", view.identity().systemIdentifier().toString());
        values.put("version", view.identity().version().toString());
        values.put("timeline", view.identity().timeline().toString());
        Optional<WalPositions> positions = view.positions().value();
        positions.flatMap(WalPositions::received).ifPresent(lsn -> values.put("receivedLsn", lsn.toString()));
        positions.flatMap(WalPositions::replayed).ifPresent(lsn -> values.put("replayedLsn", lsn.toString()));
    }
}
