package dev.understudy.promotion.facts;

import dev.understudy.doctor.facts.Attempt;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.postgres.Known;

/**
 * A standby that shall follow the new primary.
 *
 * @param conninfo its connection string without secrets
 * @param attempt what became of asking it
 */
public record Downstream(String conninfo, Attempt attempt) {
    /** What it says of itself, or why it does not. */
    public Known<ServerView> view() {
        return PromotionFacts.view("standby " + conninfo, Known.of(attempt));
    }
}
