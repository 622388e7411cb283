package dev.understudy.provision.copy;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.provision.backup.StartBackup;
import dev.understudy.provision.site.Site;
import dev.understudy.transfer.files.TargetLayout;
import java.util.List;
import java.util.Set;

/** A copy that is complete, looked at again by a run that is resumed: as far as the steps after it have left it alone. */
public final class FinishedCopy {
    /** Recorded by render-recovery before it writes: label of the backup that the directory is rendered for. */
    public static final String RENDERING = "rendering";

    /** Recorded by render-recovery when all is written. */
    public static final String RENDERED = "rendered";

    /** Recorded by start-standby before it tries. */
    static final String STARTED = "server_started";

    private final Site site;
    private final StepContext context;

    FinishedCopy(Site site, StepContext context) {
        this.site = site;
        this.context = context;
    }

    /** From then on the server works on the files; start-standby looks at them itself as long as it has not. */
    boolean isStarted() {
        return context.facts().isTrue(STARTED);
    }

    Evidence startedEvidence() {
        return context.evidence("was looked at before the server was started", "the run's journal");
    }

    private boolean isFor(String fact) {
        return context.facts().find(fact).isPresent()
                && context.facts().find(fact).equals(context.facts().find(StartBackup.LABEL));
    }

    /** Looks at the files; those that render-recovery was writing when it was cut short it writes again. */
    Evidence files() {
        boolean cutShort = isFor(RENDERING) && !isFor(RENDERED);
        Set<String> except = cutShort ? Set.copyOf(Strangers.decisive()) : Set.of();
        return CopiedInventory.of(context).verify(site, false, except);
    }

    Verdict verify() {
        if (isStarted()) {
            return new Verdict.Verified(List.of(startedEvidence()));
        }
        try {
            Evidence files = files();
            boolean pending = isThere(TargetLayout.PENDING_CONTROL_FILE);
            boolean named = isThere(TargetLayout.CONTROL_FILE);
            if (isFor(RENDERING) && (pending || named)) {
                return new Verdict.Verified(List.of(
                        files,
                        context.evidence(
                                "pg_control is there, and render-recovery has been at work on it",
                                site.target().dataDirectory())));
            }
            return pending && !named
                    ? new Verdict.Verified(List.of(
                            files,
                            context.evidence(
                                    "pg_control has not its name yet: the directory cannot be started",
                                    site.target().dataDirectory())))
                    : new Verdict.Refuted(controlFileMisplaced());
        } catch (UnderstudyException e) {
            return new Verdict.Refuted(e);
        }
    }

    private boolean isThere(String path) {
        return site.target().host().files().status(site.target().path(path)).isPresent();
    }

    private UnderstudyException controlFileMisplaced() {
        return UnderstudyException.of(
                        ErrorCode.TARGET_CHANGED,
                        "pg_control is not where the copy left it in \"%s\"",
                        site.target().dataDirectory())
                .detail("Something else worked on the directory.")
                .build();
    }
}
