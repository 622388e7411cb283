package dev.understudy.provision.copy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.plan.StepKinds;
import dev.understudy.provision.backup.MadeSlot;
import dev.understudy.provision.backup.StopBackup;
import dev.understudy.provision.site.PrimaryIdentity;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.wal.ReceivedWal;
import dev.understudy.provision.wal.WalReception;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.transfer.files.TargetLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Receives the primary's WAL into the target while the copy goes on, so that nothing has to be kept on the primary and the
 * standby is complete without it. Reception ends in stop-backup, once all that the backup needs is there.
 */
public final class ReserveByStream implements Step {
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final Site site;
    private final CopyOptions options;

    public ReserveByStream(Site site, CopyOptions options) {
        this.site = site;
        this.options = options;
    }

    @Override
    public String name() {
        return StepKinds.RESERVE_WAL;
    }

    private TargetClaim claim() {
        return TargetClaim.of(site.target(), options);
    }

    @Override
    public Probe probe(StepContext context) {
        if (context.kept(WalReception.class).isPresent() || StopBackup.isComplete(context)) {
            return new Probe.Satisfied(List.of());
        }
        Optional<UnderstudyException> refusal = claim().refusal(context.facts(), SourceCluster.of(site.primary()));
        if (refusal.isPresent()) {
            return new Probe.Conflicting(refusal.get());
        }
        try (Session session = site.primary().open()) {
            PrimaryIdentity.of(session).requireSameAs(context.facts());
        }
        MadeSlot.requireOnly(context.facts(), Optional.empty());
        return new Probe.Pending(
                "receive the primary's WAL into " + site.target().display() + " from now on");
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        SourceCluster cluster = SourceCluster.of(site.primary());
        claim().take(context, cluster);
        if (claim().keepsOld()) {
            claim().old(context).moveWal();
        }
        TargetLayout layout = cluster.layoutOn(site.target());
        String directory = layout.walDirectory().orElse(site.target().path(layout.walName()));
        ReceivedWal received = new ReceivedWal(site.target().host(), directory);
        site.target().host().files().createDirectories(received.directory(), 0700);
        try (Session session = site.primary().open()) {
            PrimaryIdentity.of(session).record(context);
            WalReception reception = WalReception.start(
                    site.primary().conninfo(),
                    site.target().host(),
                    received.directory(),
                    new ServerFacts(session).identity().walSegmentSize());
            context.keep(WalReception.class, reception);
            return List.of(context.evidence(
                    "receives WAL from " + reception.start() + " into " + received.directory(), "START_REPLICATION"));
        }
    }

    @Override
    public Verdict verify(StepContext context) {
        if (StopBackup.isComplete(context)) {
            return new Verdict.Verified(List.of(context.evidence(
                    "all WAL of the backup was received before it was complete", "the run's journal")));
        }
        Optional<WalReception> reception = context.kept(WalReception.class);
        if (reception.isEmpty()) {
            return new Verdict.Refuted(UnderstudyException.of(ErrorCode.WAL_NOT_RESERVED, "no WAL is being received")
                    .build());
        }
        reception.get().check();
        context.guard(WalReception.GUARD, INTERVAL, reception.get()::check);
        return new Verdict.Verified(List.of(context.evidence(
                "WAL is received from %s on, the start of a segment"
                        .formatted(reception.get().start()),
                "a replication connection of this process")));
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        WalReception.end(context);
        List<Evidence> evidence = new ArrayList<>(claim().release(context));
        evidence.addAll(new MadeSlot(site).drop(context));
        return evidence;
    }
}
