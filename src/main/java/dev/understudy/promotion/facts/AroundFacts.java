package dev.understudy.promotion.facts;

import dev.understudy.postgres.Known;
import java.util.List;

/**
 * What is around the standby.
 *
 * @param managers signs that something manages it, through SQL
 * @param programs the same on its host
 */
public record AroundFacts(Known<List<ManagerSign>> managers, Known<List<ManagerSign>> programs) {}
