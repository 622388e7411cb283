package dev.understudy.provision.bundle;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.provision.seal.SeenCheckpoint;
import dev.understudy.server.Notice;
import dev.understudy.server.Session;
import dev.understudy.server.backup.BackupSession;
import dev.understudy.server.backup.BackupStart;
import dev.understudy.server.backup.BackupStop;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.facts.ServerIdentity;
import dev.understudy.server.slots.Slots;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds a backup open between two commands: makes its slot, starts it, keeps its session alive and watched, and stops it
 * when asked. Whatever ends it otherwise, a lost session, a lost slot, the time limit or {@link #terminate}, it gives up:
 * no label is written, and the slot that it made is dropped.
 */
public final class Keeper {
    private static final long POLL_MILLIS = 200;
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    private static final Duration SLOT_WATCH = Duration.ofSeconds(6);
    private static final Duration START_LIMIT = Duration.ofHours(1);
    private static final Duration STOP_LIMIT = Duration.ofHours(1);

    /** How long a primary that is away is tried for, to drop the slot there. */
    private static final Duration DROP_LIMIT = Duration.ofMinutes(10);

    private static final Duration DROP_PAUSE = Duration.ofSeconds(2);

    private final BundleDirectory directory;
    private final BackupRequest request;
    private final Clock clock;
    private final CountDownLatch terminated = new CountDownLatch(1);
    private final Set<SeenCheckpoint> checkpoints = new LinkedHashSet<>();
    private volatile @Nullable BackupSession session;
    private KeeperState state;
    private Bundle.@Nullable Source source;
    private @Nullable ServerIdentity identity;

    /** @param directory claimed already for this keeper's process */
    public Keeper(BundleDirectory directory, BackupRequest request, Clock clock) {
        this.directory = directory;
        this.request = request;
        this.clock = clock;
        this.state = directory.state();
    }

    /** Makes it give up soon; from any thread. */
    public void terminate() {
        terminated.countDown();
        BackupSession held = session;
        if (held != null) {
            held.cancel();
        }
    }

    /**
     * Works until the bundle is complete or the backup is given up.
     *
     * @return whether the bundle is complete
     */
    public boolean run() {
        try (BundleDirectory.Hold hold = directory.hold()) {
            try {
                save(state.withKeeper(ProcessHandle.current().pid(), state.host()));
                save(begin(state));
                keep();
                save(state.withPhase(KeeperState.Phase.ENDING));
                complete();
                return true;
            } catch (UnderstudyException e) {
                giveUp(e);
                return false;
            }
        }
    }

    private void save(KeeperState next) {
        state = next;
        directory.write(next);
    }

    /** What a directory is claimed with, before there is a keeper. */
    public static KeeperState claim(BackupRequest request, String host, String label, Clock clock) {
        Instant now = clock.instant();
        return new KeeperState(
                KeeperState.Phase.STARTING,
                ProcessHandle.current().pid(),
                host,
                now,
                now.plus(request.limit()),
                request.reachable().keywords(),
                request.slot().orElse(""),
                false,
                false,
                label,
                "",
                "",
                "",
                now,
                "the start checkpoint",
                Optional.empty());
    }

    /** A sign of life that cannot be written, on a full disk perhaps, is no reason to give a backup of hours up. */
    private void note(KeeperState next) {
        state = next;
        try {
            directory.write(next);
        } catch (UnderstudyException e) {
            if (e.code() != ErrorCode.FILE_IO) {
                throw e;
            }
        }
    }

    private Optional<KeptSlot> slot() {
        return request.slot().map(name -> new KeptSlot(request.primary(), name));
    }

    private KeeperState begin(KeeperState claimed) {
        BackupSession held = BackupSession.open(request.primary());
        session = held;
        try (Session other = Session.open(request.primary())) {
            ServerIdentity server = new ServerFacts(other).identity();
            identity = server;
            source = SourceFacts.source(other);
            save(claimed.withBackup(server.systemIdentifier().toString(), "", ""));
            slot().ifPresent(slot -> makeSlot(other, slot));
            requireGoingOn();
            BackupStart start = held.start(state.label(), request.checkpoint(), START_LIMIT);
            slot().ifPresent(slot -> slot.requireFrom(other, start.startLsn()));
            checkpoints.add(SourceFacts.checkpoint(other));
            return state.opened(start.startLsn().toString(), clock.instant().plus(request.limit()));
        }
    }

    /** That the slot is about to be made is on record before, for a crash in between; it may turn out to be another's. */
    private void makeSlot(Session other, KeptSlot slot) {
        slot.requireFree(other);
        save(state.withSlot(true, false));
        try {
            new Slots(other).createPhysical(slot.name());
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.SLOT_EXISTS) {
                save(state.withSlot(false, false));
            }
            throw e;
        }
    }

    private BackupSession held() {
        BackupSession held = session;
        if (held == null) {
            throw new IllegalStateException("no backup is open");
        }
        return held;
    }

    /** Until the end is asked for. */
    private void keep() {
        Instant heartbeat = Instant.MIN;
        Instant slotWatch = Instant.MIN;
        while (!directory.isEndRequested()) {
            Instant now = clock.instant();
            if (now.isAfter(state.limitAt())) {
                throw UnderstudyException.of(
                                ErrorCode.BACKUP_TIMED_OUT, "the backup was not ended before its time limit")
                        .detail("It was begun at %s and its limit was %s.", state.beganAt(), state.limitAt())
                        .build();
            }
            if (!now.isBefore(plus(heartbeat, HEARTBEAT))) {
                held().heartbeat();
                note(state.withSign(now, ""));
                heartbeat = now;
            }
            if (!now.isBefore(plus(slotWatch, SLOT_WATCH))) {
                look();
                slotWatch = now;
            }
            pause(Duration.ofMillis(POLL_MILLIS));
            requireGoingOn();
        }
    }

    private static Instant plus(Instant moment, Duration duration) {
        return moment.equals(Instant.MIN) ? moment : moment.plus(duration);
    }

    /** Whether the slot still keeps what the clones need, and which checkpoint is the latest. */
    private void look() {
        try (Session other = Session.open(request.primary())) {
            slot().ifPresent(slot -> slot.requireUsable(other));
            checkpoints.add(SourceFacts.checkpoint(other));
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.SLOT_UNUSABLE) {
                throw e;
            }
            // That a second session cannot be had says nothing of the backup: its own session's heartbeat does.
            note(state.withSign(
                    state.aliveAt(), "the primary to admit a session that looks at the slot: " + e.message()));
        }
    }

    private void requireGoingOn() {
        if (terminated.getCount() == 0) {
            throw UnderstudyException.of(ErrorCode.BACKUP_CANCELLED, "the keeper was told to stop")
                    .detail("Somebody sent it a signal, or this machine was shut down.")
                    .build();
        }
    }

    private void pause(Duration duration) {
        try {
            if (terminated.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            terminated.countDown();
        }
    }

    private void complete() {
        look();
        boolean waitForArchive = request.slot().isEmpty();
        BackupStop stop = held().stop(waitForArchive, STOP_LIMIT);
        BackupLabel label = BackupLabel.parse(stop.label());
        if (!label.label().equals(state.label()) || !label.startLsn().toString().equals(state.startLsn())) {
            throw UnderstudyException.of(
                            ErrorCode.BACKUP_LABEL_INVALID,
                            "the label that the primary returned is not this backup's: \"%s\", start %s",
                            label.label(),
                            label.startLsn())
                    .build();
        }
        Bundle bundle = bundle(label, stop);
        directory.complete(bundle);
        save(state.withBackup(
                        state.systemIdentifier(),
                        state.startLsn(),
                        stop.stopLsn().toString())
                .withPhase(KeeperState.Phase.COMPLETE));
        held().close();
    }

    private Bundle bundle(BackupLabel label, BackupStop stop) {
        Bundle.Source known = source;
        ServerIdentity server = identity;
        if (known == null || server == null) {
            throw new IllegalStateException("no backup is open");
        }
        return new Bundle(
                clock.instant(),
                server.systemIdentifier(),
                server.version(),
                label,
                stop.tablespaceMap(),
                stop.stopLsn(),
                label.isFromStandby(),
                request.slot(),
                request.reachable(),
                known,
                List.copyOf(checkpoints),
                evidence(label, stop, server));
    }

    /** The backup is stopped in good order: that it cannot be looked at any more does not make it worthless. */
    private String evidence(BackupLabel label, BackupStop stop, ServerIdentity server) {
        try (Session other = Session.open(request.primary())) {
            slot().ifPresent(slot -> slot.requireUsable(other));
            return BackupEndEvidence.find(request.primary(), label, stop.stopLsn(), server);
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.SLOT_UNUSABLE || e.code() == ErrorCode.BACKUP_END_MISSING) {
                throw e;
            }
            return "the end of the backup was not seen in the WAL: " + e.message();
        }
    }

    /** What the stop waits for, in the server's words. */
    public List<Notice> notices() {
        BackupSession held = session;
        return held == null ? List.of() : held.notices();
    }

    private void giveUp(UnderstudyException e) {
        BackupSession held = session;
        if (held != null) {
            held.close();
        }
        note(state.withFailure(new KeeperState.Failure(e.code().name(), e.message(), e.detail(), e.hints())));
        if (state.slotMade()) {
            dropSlot();
        }
        directory.discardLabel();
    }

    /** A primary that restarts is waited for; {@code backup end} tries as well. */
    private void dropSlot() {
        KeptSlot slot = slot().orElseThrow();
        Instant end = clock.instant().plus(DROP_LIMIT);
        while (true) {
            try {
                slot.drop(state.systemIdentifier());
                note(state.withSlot(true, true));
                return;
            } catch (UnderstudyException e) {
                note(state.withSign(
                        state.aliveAt(),
                        "the primary, to drop slot \"%s\" there: %s".formatted(slot.name(), e.message())));
                if (terminated.getCount() == 0 || clock.instant().isAfter(end)) {
                    return;
                }
            }
            pause(DROP_PAUSE);
        }
    }
}
