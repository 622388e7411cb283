package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.UnderstudyException;
import dev.understudy.plan.RehearsalKinds;
import dev.understudy.promotion.rehearse.Protocol.Phase;
import dev.understudy.provision.site.Site;
import dev.understudy.server.Session;
import dev.understudy.server.facts.CatalogFacts;
import dev.understudy.server.wal.WalControl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks whether what was promoted is a good primary. What is wrong is a finding; the step itself fails only if it cannot look. */
final class ExamineCopy implements Step {
    private static final String EXAMINED = "rehearsal_looked";

    private final Site site;
    private final List<String> probes;
    private final Duration limit;

    ExamineCopy(Site site, List<String> probes, Duration limit) {
        this.site = site;
        this.probes = List.copyOf(probes);
        this.limit = limit;
    }

    /** From then on the copy's server is stopped, for good. */
    static boolean isDone(StepContext context) {
        return context.facts().isTrue(EXAMINED);
    }

    @Override
    public String name() {
        return RehearsalKinds.EXAMINE_COPY;
    }

    @Override
    public Probe probe(StepContext context) {
        return isDone(context)
                ? new Probe.Satisfied(List.of())
                : new Probe.Pending("look at timeline, writes, indexes, tables, sequences, pages%s"
                        .formatted(probes.isEmpty() ? "" : " and by %d probes".formatted(probes.size())));
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        long began = System.nanoTime();
        CopyServer server = new CopyServer(site, context);
        Protocol protocol = new Protocol(context);
        List<Evidence> evidence = new ArrayList<>();
        List<CatalogFacts.Database> databases;
        try (Session session = server.open()) {
            checkpoint(context, protocol, session, evidence);
            databases = new CatalogFacts(session).databases();
        }
        for (CatalogFacts.Database database : databases) {
            if (database.allowsConnections()) {
                context.waiting("looks at database \"" + database.name() + "\"", limit);
                evidence.addAll(new DatabaseLooks(server, protocol, limit).look(database.name()));
                new SchemaDump(server, protocol, limit).dump(database.name()).ifPresent(evidence::add);
            }
        }
        evidence.addAll(new SqlProbes(site.here(), server, protocol, limit).run(probes));
        // Nothing writes a page while it is read, and a clean stop shows that one is possible.
        server.stop().ifPresent(evidence::add);
        evidence.addAll(new PageLook(site, context).look(protocol));
        protocol.took(Phase.EXAMINED, Duration.ofNanos(System.nanoTime() - began));
        context.record(EXAMINED, "true");
        return evidence;
    }

    private void checkpoint(StepContext context, Protocol protocol, Session session, List<Evidence> evidence) {
        long began = System.nanoTime();
        try {
            new WalControl(session).checkpoint(limit);
            protocol.took(Phase.CHECKPOINT, Duration.ofNanos(System.nanoTime() - began));
            evidence.add(context.evidence("a checkpoint as a primary was made", "CHECKPOINT"));
        } catch (UnderstudyException e) {
            protocol.found(
                    new Finding("checkpoint-failed", "the promoted copy could not make a checkpoint", e.describe()));
        }
    }

    @Override
    public Verdict verify(StepContext context) {
        int findings = new Protocol(context).findings().size();
        return new Verdict.Verified(List.of(context.evidence(
                switch (findings) {
                    case 0 -> "nothing wrong was found";
                    case 1 -> "1 thing wrong was found";
                    default -> findings + " things wrong were found";
                },
                "the looks above")));
    }

    /** The server is start-copy's to stop, the files are hold-wal's to remove. */
    @Override
    public List<Evidence> undo(StepContext context) {
        return List.of();
    }
}
