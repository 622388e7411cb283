package dev.understudy.provision.site;

import dev.understudy.engine.Facts;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.ServerVersion;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.TimelineId;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.facts.ServerIdentity;

/**
 * Who the primary is, so that a run notices when another server answers in its place: restored, promoted, or a different
 * machine behind the same name.
 *
 * @param systemIdentifier of its cluster
 * @param timeline it writes, or replays, now
 * @param version of the server
 * @param inRecovery whether it is a standby itself
 */
public record PrimaryIdentity(
        SystemIdentifier systemIdentifier, TimelineId timeline, ServerVersion version, boolean inRecovery) {
    private static final String SYSTEM_IDENTIFIER = "system_identifier";
    private static final String TIMELINE = "primary_timeline";
    private static final String IN_RECOVERY = "source_in_recovery";

    public static PrimaryIdentity of(Session session) {
        ServerIdentity identity = new ServerFacts(session).identity();
        return new PrimaryIdentity(
                identity.systemIdentifier(), identity.timeline(), session.version(), identity.inRecovery());
    }

    /**
     * Compares with what the run has recorded.
     *
     * @throws UnderstudyException {@link ErrorCode#SOURCE_CHANGED}
     */
    public void requireSameAs(Facts facts) {
        requireSameCluster(facts);
        requireSameRole(facts);
        facts.find(TIMELINE)
                .filter(recorded -> !recorded.equals(timeline.toString()))
                .ifPresent(recorded -> {
                    throw UnderstudyException.of(
                                    ErrorCode.SOURCE_CHANGED,
                                    "the primary is on timeline %s, the run began on timeline %s",
                                    timeline,
                                    recorded)
                            .detail("A server was promoted, or the primary was restored, since then.")
                            .hint("Clear the run away with \"understudy abort\", and start anew.")
                            .build();
                });
    }

    /**
     * Compares the system identifier alone.
     *
     * @throws UnderstudyException {@link ErrorCode#SOURCE_CHANGED}
     */
    public void requireSameCluster(Facts facts) {
        facts.find(SYSTEM_IDENTIFIER)
                .filter(recorded -> !recorded.equals(systemIdentifier.toString()))
                .ifPresent(recorded -> {
                    throw UnderstudyException.of(
                                    ErrorCode.SOURCE_CHANGED, "another database cluster answers in the primary's place")
                            .detail(
                                    "The run began with system identifier %s; this one has %s.",
                                    recorded, systemIdentifier)
                            .hint(
                                    "Clear the run away with \"understudy abort\", and start anew from the right primary.")
                            .build();
                });
    }

    private void requireSameRole(Facts facts) {
        facts.find(IN_RECOVERY)
                .filter(recorded -> !recorded.equals(Boolean.toString(inRecovery)))
                .ifPresent(recorded -> {
                    throw UnderstudyException.of(
                                    ErrorCode.SOURCE_CHANGED,
                                    "the server that answers is %s, the run began with %s",
                                    role(inRecovery),
                                    role(Boolean.parseBoolean(recorded)))
                            .detail("It was promoted or rebuilt, or the connection string leads to several servers.")
                            .hint("Name one server in the connection string, not several or a balancer.")
                            .build();
                });
    }

    private static String role(boolean inRecovery) {
        return inRecovery ? "a standby" : "a primary";
    }

    public void record(StepContext context) {
        context.record(SYSTEM_IDENTIFIER, systemIdentifier.toString());
        context.record(TIMELINE, timeline.toString());
        context.record("server_version", version.toString());
        context.record(IN_RECOVERY, Boolean.toString(inRecovery));
    }
}
