package dev.understudy.provision.standby;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.provision.control.PostmasterFile;
import dev.understudy.provision.control.StartMethod.DebianCluster;
import dev.understudy.provision.copy.TargetClaim;
import dev.understudy.provision.site.Site;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Proves that the standby is a consistent copy of the primary that follows it. Changes nothing on the standby; on the
 * primary it writes one harmless WAL message, the canary.
 */
public final class ProveConsistency implements Step {
    public static final String NAME = "prove-consistency";

    private final Site site;
    private final Optional<DebianCluster> cluster;
    private final boolean full;
    private final Duration limit;

    public ProveConsistency(Site site, Optional<DebianCluster> cluster, boolean full, Duration limit) {
        this.site = site;
        this.cluster = cluster;
        this.full = full;
        this.limit = limit;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** A proof is never remembered: it is made anew each time. */
    @Override
    public Probe probe(StepContext context) {
        return new Probe.Pending(
                "prove the standby: BACKUP_END, label, pg_control, replay, identity, a query, a fresh write");
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        return List.of();
    }

    @Override
    public Verdict verify(StepContext context) {
        try {
            List<Evidence> evidence = new Proof(site, context, full, limit).gather();
            context.release("slot");
            TargetClaim.forgetOld(context, site.target(), true);
            return new Verdict.Verified(evidence);
        } catch (UnderstudyException e) {
            return new Verdict.Refuted(explained(e));
        }
    }

    /** A primary that is away may come back; a standby that died, or waits for ever, is not proven by waiting. */
    private UnderstudyException explained(UnderstudyException e) {
        if (!isRunning()) {
            return notProven("the standby's server has ended", e);
        }
        return e.code() == ErrorCode.WAIT_TIMED_OUT ? notProven(e.message(), e) : e;
    }

    private boolean isRunning() {
        return PostmasterFile.read(site.target().host(), site.target().dataDirectory())
                .filter(postmaster ->
                        postmaster.isAlive(site.target().host(), site.target().dataDirectory()))
                .isPresent();
    }

    private UnderstudyException notProven(String why, UnderstudyException e) {
        return UnderstudyException.of(ErrorCode.NOT_PROVEN, "not proven: %s", why)
                .detail("%s", (e.detail() + "\n" + new StandbyLog(site.target(), cluster).lastLines(5)).strip())
                .cause(e)
                .build();
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return List.of();
    }
}
