package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.plan.RehearsalKinds;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.backup.StopBackup;
import dev.understudy.provision.site.Site;
import java.time.Duration;
import java.util.List;

/** Makes the copy's directory, and copies WAL into it for as long as the backup lasts. Its undo takes the directory back. */
final class HoldWal implements Step {
    static final String GUARD = "WAL of the standby";

    private final Site site;
    private final Duration interval;

    HoldWal(Site site, Duration interval) {
        this.site = site;
        this.interval = interval;
    }

    @Override
    public String name() {
        return RehearsalKinds.HOLD_WAL;
    }

    private Home home() {
        return new Home(site.target());
    }

    @Override
    public Probe probe(StepContext context) {
        if (StopBackup.isComplete(context)
                && context.facts().find(IsolateCopy.WAL_END).isPresent()) {
            return new Probe.Satisfied(List.of());
        }
        return new Probe.Pending("make \"%s\" and copy the standby's WAL into it".formatted(home().path()));
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        home().make(context);
        WalHolder holder = WalHolder.of(site, context);
        Lsn end = holder.hold();
        context.keep(WalHolder.class, holder);
        context.guard(GUARD, interval, () -> holdAgain(context, holder));
        return List.of(context.evidence(holder.describe(end), home().wal()));
    }

    /** A standby that does not answer at the moment is the backup session's to judge. */
    private static void holdAgain(StepContext context, WalHolder holder) {
        try {
            holder.hold();
        } catch (UnderstudyException e) {
            switch (e.code()) {
                case FILE_SYSTEM_FULL, COMMAND_FAILED -> throw e;
                default -> context.waiting("the standby: " + e.message());
            }
        }
    }

    @Override
    public Verdict verify(StepContext context) {
        return home().owner().filter(context.run()::equals).isPresent()
                ? new Verdict.Verified(List.of(context.evidence(
                        "\"%s\" is this run's".formatted(home().path()),
                        "host " + site.target().host().name())))
                : new Verdict.Refuted(UnderstudyException.of(
                                ErrorCode.TARGET_CHANGED, "\"%s\" is not this run's any more", home().path())
                        .build());
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        context.release(GUARD);
        return home().remove(context).stream().toList();
    }
}
