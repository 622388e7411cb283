package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.ShellQuote;
import dev.understudy.plan.RehearsalKinds;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.standby.StandbyPort;
import java.util.ArrayList;
import java.util.List;

/** Stops the copy's server and removes all that was made, or says how to. */
final class RemoveCopy implements Step {
    private final Site site;
    private final boolean keepsOnFailure;

    RemoveCopy(Site site, boolean keepsOnFailure) {
        this.site = site;
        this.keepsOnFailure = keepsOnFailure;
    }

    @Override
    public String name() {
        return RehearsalKinds.REMOVE_COPY;
    }

    private Home home() {
        return new Home(site.target());
    }

    @Override
    public Probe probe(StepContext context) {
        Protocol protocol = new Protocol(context);
        boolean done = protocol.isClearing() && (protocol.isKept() || !home().exists());
        return done
                ? new Probe.Satisfied(List.of())
                : new Probe.Pending("stop the copy's server and remove \"" + home().path() + "\"");
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        Protocol protocol = new Protocol(context);
        protocol.clearing();
        List<Evidence> evidence = new ArrayList<>();
        context.release(StandbyLag.GUARD);
        context.kept(StandbyLag.class).ifPresent(lag -> {
            lag.record(context);
            evidence.add(context.evidence(lag.describe(), "the whole rehearsal long"));
        });
        if (CopyServer.wasStarted(context)) {
            new CopyServer(site, context).stop().ifPresent(evidence::add);
        }
        if (keepsOnFailure && !protocol.findings().isEmpty()) {
            protocol.kept(home().removal());
            context.warn(kept(context));
        } else {
            home().remove(context).ifPresent(evidence::add);
        }
        protocol.publish();
        return evidence;
    }

    private String kept(StepContext context) {
        String host = site.target().host().isLocal()
                ? ""
                : " on host " + site.target().host().name();
        String data = ShellQuote.quote(site.target().dataDirectory());
        return "the copy was kept%s, its server stopped; start it with: pg_ctl -D %s start; enter it with: psql -h %s -p %s -U %s; remove it with: %s"
                .formatted(
                        host,
                        data,
                        ShellQuote.quote(home().socket()),
                        context.facts().find(StandbyPort.PORT).orElse("5432"),
                        ShellQuote.quote(CopyServer.role(context.facts())),
                        home().removal());
    }

    @Override
    public Verdict verify(StepContext context) {
        if (new Protocol(context).isKept()) {
            return new Verdict.Verified(
                    List.of(context.evidence("the copy was kept, its server stopped", "\"" + home().path() + "\"")));
        }
        return home().exists()
                ? new Verdict.Refuted(
                        UnderstudyException.of(ErrorCode.TARGET_CHANGED, "\"%s\" is still there", home().path())
                                .build())
                : new Verdict.Verified(List.of(context.evidence(
                        "nothing of the copy is left: there is no \"" + home().path() + "\"",
                        "host " + site.target().host().name())));
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return List.of();
    }
}
