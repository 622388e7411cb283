package dev.understudy.provision.bundle;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.server.Session;
import dev.understudy.server.backup.BackupStart;
import dev.understudy.server.slots.Slots;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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

    /** How long a primary that is away is tried for, to drop the slot there. */
    private static final Duration DROP_LIMIT = Duration.ofMinutes(10);

    private static final Duration DROP_PAUSE = Duration.ofSeconds(2);

    private final BundleDirectory directory;
    private final BackupRequest request;
    private final Clock clock;
    private final CountDownLatch terminated = new CountDownLatch(1);
    private volatile @Nullable HeldBackup held;
    private KeeperState state;

    /** @param directory claimed already for this keeper's process */
    public Keeper(BundleDirectory directory, BackupRequest request, Clock clock) {
        this.directory = directory;
        this.request = request;
        this.clock = clock;
        this.state = directory.state();
    }

    /** What a directory is claimed with, before there is a keeper. */
    public static KeeperState claim(BackupRequest request, String host, String label, Clock clock) {
        Instant now = clock.instant();
        return new KeeperState(
                KeeperState.Phase.STARTING,
                new KeeperState.Process(ProcessHandle.current().pid(), host),
                now,
                now.plus(request.limit()),
                request.reachable().keywords(),
                new KeeperState.Slot(request.slot().orElse(""), false, false),
                new KeeperState.Backup(label, "", "", ""),
                new KeeperState.Sign(now, "the start checkpoint"),
                Optional.empty());
    }

    /** Makes it give up soon; from any thread. */
    public void terminate() {
        terminated.countDown();
        HeldBackup backup = held;
        if (backup != null) {
            backup.cancel();
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
                save(state.withPid(ProcessHandle.current().pid()));
                HeldBackup backup = HeldBackup.open(request);
                held = backup;
                begin(backup);
                keep(backup);
                save(state.withPhase(KeeperState.Phase.ENDING));
                complete(backup);
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

    private void begin(HeldBackup backup) {
        String cluster = backup.server().systemIdentifier().toString();
        save(state.withBackup(cluster, "", ""));
        slot().ifPresent(this::makeSlot);
        requireGoingOn();
        BackupStart start = backup.start(state.backup().label());
        save(state.withPhase(KeeperState.Phase.OPEN)
                .withBackup(cluster, start.startLsn().toString(), "")
                .withLimit(clock.instant().plus(request.limit())));
    }

    /** That the slot is about to be made is on record before, for a crash in between; it may turn out to be another's. */
    private void makeSlot(KeptSlot slot) {
        try (Session other = Session.open(request.primary())) {
            slot.requireFree(other);
            save(state.withSlot(true, false));
            new Slots(other).createPhysical(slot.name());
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.SLOT_EXISTS) {
                save(state.withSlot(false, false));
            }
            throw e;
        }
    }

    /** Until the end is asked for. */
    private void keep(HeldBackup backup) {
        Instant heartbeat = clock.instant();
        Instant slotWatch = heartbeat;
        while (!directory.isEndRequested()) {
            Instant now = clock.instant();
            if (now.isAfter(state.limitAt())) {
                throw UnderstudyException.of(
                                ErrorCode.BACKUP_TIMED_OUT, "the backup was not ended before its time limit")
                        .detail("It was begun at %s and its limit was %s.", state.beganAt(), state.limitAt())
                        .build();
            }
            if (!now.isBefore(heartbeat)) {
                backup.heartbeat();
                note(state.withSign(now, ""));
                heartbeat = now.plus(HEARTBEAT);
            }
            if (!now.isBefore(slotWatch)) {
                look(backup);
                slotWatch = now.plus(SLOT_WATCH);
            }
            pause(Duration.ofMillis(POLL_MILLIS));
            requireGoingOn();
        }
    }

    private void look(HeldBackup backup) {
        try {
            backup.look();
        } catch (UnderstudyException e) {
            if (KeptSlot.isLost(e)) {
                throw e;
            }
            // That a second session cannot be had says nothing of the backup: its own session's heartbeat does.
            note(state.withSign(
                    state.sign().aliveAt(), "the primary to admit a session that looks at the slot: " + e.message()));
        }
    }

    private void requireGoingOn() {
        if (terminated.getCount() == 0) {
            throw UnderstudyException.of(ErrorCode.BACKUP_CANCELLED, "the keeper was told to stop")
                    .detail("Somebody sent it a signal, or this machine was shut down.")
                    .build();
        }
        if (directory.isDropRequested()) {
            throw BackupDrop.dropped();
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

    private void complete(HeldBackup backup) {
        look(backup);
        Bundle bundle = backup.stop(state.backup(), clock);
        directory.complete(bundle);
        save(state.withBackup(
                        state.backup().systemIdentifier(),
                        state.backup().startLsn(),
                        bundle.stopLsn().toString())
                .withPhase(KeeperState.Phase.COMPLETE));
        backup.close();
    }

    private void giveUp(UnderstudyException e) {
        HeldBackup backup = held;
        if (backup != null) {
            backup.close();
        }
        note(state.withFailure(KeeperState.Failure.of(e)));
        if (state.slot().made()) {
            dropSlot();
        }
        directory.discardLabel();
    }

    /** A primary that restarts is waited for; {@code backup end} and {@code backup drop} try as well. */
    private void dropSlot() {
        KeptSlot slot = slot().orElseThrow();
        Instant end = clock.instant().plus(DROP_LIMIT);
        while (true) {
            try {
                slot.drop(state.backup().systemIdentifier());
                note(state.withSlot(true, true));
                return;
            } catch (UnderstudyException e) {
                note(state.withSign(
                        state.sign().aliveAt(),
                        "the primary, to drop slot \"%s\" there: %s".formatted(slot.name(), e.message())));
                if (terminated.getCount() == 0 || clock.instant().isAfter(end)) {
                    return;
                }
            }
            pause(DROP_PAUSE);
        }
    }
}
