package dev.understudy.provision.backup;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.site.BackupServer;
import dev.understudy.provision.site.PrimaryIdentity;
import dev.understudy.provision.site.Site;
import dev.understudy.server.Session;
import dev.understudy.server.backup.BackupSession;
import dev.understudy.server.backup.BackupStart;
import dev.understudy.server.backup.CheckpointMode;
import dev.understudy.server.slots.ReplicationSlot;
import dev.understudy.server.slots.Slots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts a non-exclusive backup in one guarded session that lives until stop-backup. When the session dies the engine
 * starts the bracket over: this step then starts a new backup.
 */
public final class StartBackup implements Step {
    public static final String NAME = "start-backup";
    public static final String START_LSN = "start_lsn";
    public static final String START_TIMELINE = "start_timeline";
    public static final String SEGMENT_SIZE = "wal_segment_size";
    public static final String LABEL = "label";
    static final String BEGUN = "backups_begun";

    private static final String GUARD = "backup session";
    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(2);

    private final Site site;
    private final Optional<String> label;
    private final CheckpointMode checkpoint;
    private final Duration limit;

    public StartBackup(Site site, Optional<String> label, CheckpointMode checkpoint, Duration limit) {
        this.site = site;
        this.label = label;
        this.checkpoint = checkpoint;
        this.limit = limit;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Probe probe(StepContext context) {
        Optional<BackupStart> open = context.kept(BackupSession.class).flatMap(BackupSession::open);
        if (StopBackup.isComplete(context) || open.isPresent()) {
            return new Probe.Satisfied(List.of());
        }
        try (Session session = site.primary().open()) {
            PrimaryIdentity.of(session).requireSameAs(context.facts());
        }
        return new Probe.Pending("start a non-exclusive backup with a " + describe(checkpoint));
    }

    private static String describe(CheckpointMode mode) {
        return switch (mode) {
            case FAST -> "fast checkpoint";
            case SPREAD -> "spread checkpoint, which may take minutes";
        };
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        int begun = context.facts().find(BEGUN).map(Integer::parseInt).orElse(0) + 1;
        context.record(BEGUN, Integer.toString(begun));
        // The run's name makes the label ours beyond doubt; the number tells this backup from one that was lost.
        String name = label.map(text -> text + " ").orElse("") + "understudy " + context.run() + " " + begun;
        BackupSession session = BackupSession.open(site.primary().conninfo());
        context.keep(BackupSession.class, session);
        BackupStart start = startWatched(context, session, name);
        context.record(LABEL, name);
        BackupServer.record(context, start.serverStartedAt());
        context.record(SEGMENT_SIZE, Integer.toString(start.segment().size().bytes()));
        context.record(START_TIMELINE, start.timeline().toString());
        context.record(START_LSN, start.startLsn().toString());
        context.guard(GUARD, HEARTBEAT_INTERVAL, session::heartbeat);
        return List.of(context.evidence(
                "backup started at " + start.startLsn() + " on timeline " + start.timeline() + " by server process "
                        + session.backendPid(),
                session.major().number() >= 15 && session.major().number() < 900
                        ? "pg_backup_start"
                        : "pg_start_backup"));
    }

    /** The start blocks until its checkpoint is done; another thread says so meanwhile and cancels it on interruption. */
    private BackupStart startWatched(StepContext context, BackupSession session, String name) {
        context.waiting(
                "the start checkpoint" + (checkpoint == CheckpointMode.SPREAD ? ", spread over minutes" : ""), limit);
        try (BusySessionWatch watch = new BusySessionWatch(site.primary().conninfo(), session, other -> {})) {
            return Cancellable.run(context, session::cancel, () -> session.start(name, checkpoint, limit), watch);
        }
    }

    @Override
    public Verdict verify(StepContext context) {
        if (StopBackup.isComplete(context)) {
            return new Verdict.Verified(List.of(context.evidence(
                    "this backup was stopped in good order at "
                            + context.facts().get(StopBackup.STOP_LSN),
                    "the run's journal")));
        }
        BackupSession backup = context.kept(BackupSession.class)
                .orElseThrow(() -> UnderstudyException.of(
                                ErrorCode.BACKUP_SESSION_LOST, "the session that held the backup is gone")
                        .build());
        backup.heartbeat();
        try (Session session = site.primary().open()) {
            List<Evidence> evidence = new ArrayList<>();
            evidence.add(context.evidence(
                    "backup %s is held open by server process %d"
                            .formatted(context.facts().get(START_LSN), backup.backendPid()),
                    "a query in the backup's own session"));
            context.facts()
                    .find(ReserveSlot.SLOT)
                    .ifPresent(slot -> evidence.add(slotEvidence(context, session, slot)));
            return new Verdict.Verified(evidence);
        } catch (UnderstudyException e) {
            return new Verdict.Refuted(e);
        }
    }

    /** A slot made just before can still lose the race against a checkpoint that removes WAL: so it is read again. */
    private Evidence slotEvidence(StepContext context, Session session, String name) {
        ReplicationSlot slot = new Slots(session).find(name).orElseThrow(() -> SlotState.dropped(name));
        SlotState.requireUsable(slot);
        Lsn start = context.facts().lsn(START_LSN);
        Lsn restart = slot.restartLsn().orElseThrow(() -> SlotState.dropped(name));
        if (restart.compareTo(start) > 0) {
            throw UnderstudyException.of(
                            ErrorCode.WAL_NOT_RESERVED,
                            "slot \"%s\" keeps WAL from %s only, the backup needs it from %s",
                            name,
                            restart,
                            start)
                    .build();
        }
        SlotState.segmentEvidence(context, session, slot);
        return context.evidence(
                "slot \"%s\" keeps WAL from %s, at or before the start %s, and its segment is there"
                        .formatted(name, restart, start),
                "pg_replication_slots, WAL directory");
    }

    /** Nothing to take back: the server aborts the backup with its session, which the engine closes. */
    @Override
    public List<Evidence> undo(StepContext context) {
        context.release(GUARD);
        context.kept(BackupSession.class).ifPresent(BackupSession::close);
        return List.of();
    }

    static void releaseGuard(StepContext context) {
        context.release(GUARD);
    }
}
