package dev.understudy.provision.preflight.check;

import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.survey.ServerSurvey;
import dev.understudy.server.survey.TablespaceSurvey;
import dev.understudy.server.survey.WalRate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How long the copy will take and how much WAL the primary writes meanwhile. A guess that errs on the large side.
 *
 * @param bytes what is copied
 * @param duration how long that takes
 * @param walBytes WAL written meanwhile: twice the rate seen times the duration, and never less than four segments
 * @param basis what it rests on, for people
 */
public record CopyEstimate(long bytes, Duration duration, long walBytes, String basis) {
    /** What a 1 Gbit/s network carries, the slowest place of most set-ups. */
    static final long ASSUMED_BYTES_PER_SECOND = 100L << 20;

    /** Start and end of the backup, the tail of the current segment and one more. */
    private static final int LEAST_SEGMENTS = 4;

    /** The estimate; empty if the primary's size is not known. */
    public static Optional<CopyEstimate> of(PreflightFacts facts) {
        return facts.primary().value().flatMap(primary -> bytes(primary).map(bytes -> of(facts, primary, bytes)));
    }

    private static CopyEstimate of(PreflightFacts facts, ServerSurvey primary, long bytes) {
        long speed = facts.intent()
                .bytesPerSecond()
                .map(limit -> Math.min(limit, ASSUMED_BYTES_PER_SECOND))
                .orElse(ASSUMED_BYTES_PER_SECOND);
        Duration duration = Duration.ofSeconds(Math.max(1, bytes / speed));
        long least = LEAST_SEGMENTS * segmentBytes(primary);
        Optional<WalRate> rate = primary.wal().rate().value();
        long written = rate.map(found -> 2 * found.bytesPerSecond() * duration.toSeconds())
                .orElse(0L);
        String basis = "%s at %s/s take about %s; %s"
                .formatted(
                        Amount.bytes(bytes),
                        Amount.bytes(speed),
                        Amount.duration(duration),
                        rate.map(found -> "WAL at %s/s (%s), doubled to be safe"
                                        .formatted(Amount.bytes(found.bytesPerSecond()), found.source()))
                                .orElse("rate of WAL not known"));
        return new CopyEstimate(bytes, duration, Math.max(least, written), basis);
    }

    /** All that is copied, tablespaces included; empty if any part is not known. */
    private static Optional<Long> bytes(ServerSurvey primary) {
        return primary.storage()
                .dataBytes()
                .value()
                .flatMap(data -> primary.storage()
                        .tablespaces()
                        .value()
                        .filter(CopyEstimate::allKnown)
                        .map(all -> data
                                + all.stream()
                                        .mapToLong(TablespaceSurvey::bytes)
                                        .sum()));
    }

    private static boolean allKnown(List<TablespaceSurvey> tablespaces) {
        return tablespaces.stream().allMatch(tablespace -> tablespace.bytes() >= 0);
    }

    /** The cluster's WAL segment size in bytes; up to 10 the setting counts in blocks. */
    public static long segmentBytes(ServerSurvey primary) {
        long setting = primary.settings().number("wal_segment_size").orElse(16L << 20);
        return setting < 1 << 20
                ? setting * primary.settings().number("wal_block_size").orElse(8192L)
                : setting;
    }
}
