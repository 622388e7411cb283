package dev.understudy.promotion.facts;

import dev.understudy.postgres.Known;
import dev.understudy.postgres.TimelineId;
import java.util.List;

/**
 * What decides whether the standby has everything.
 *
 * @param catchUp how far behind it is
 * @param unreplayed the WAL that waits to be replayed
 * @param primaryTimeline the timeline that the primary writes to
 * @param primaryHistory text of that timeline's history file; empty for timeline 1
 * @param commitOverrides roles and databases of the primary whose sessions begin with another {@code synchronous_commit}
 */
public record StreamFacts(
        Known<CatchUp> catchUp,
        Known<WalStretch> unreplayed,
        Known<TimelineId> primaryTimeline,
        Known<String> primaryHistory,
        Known<List<String>> commitOverrides) {}
