package dev.understudy.provision.bundle;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.provision.bundle.KeeperState.Phase;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A backup's keeper as another process sees it, dead or alive: asked through files, and cleared up after.
 *
 * @param primary how the server is reached, if not as it was begun with: a password is on no record
 * @param waiting told what is waited for
 */
record OtherKeeper(BundleDirectory directory, Optional<Conninfo> primary, Consumer<String> waiting) {
    private static final long POLL_MILLIS = 100;

    /**
     * Has the keeper asked for something, if there is one at work, and waits until it has done it.
     *
     * @return how the backup ended; of a keeper that died, how it stood then
     */
    KeeperState ask(Runnable request) {
        // Whether it is held is asked first: a keeper writes how it ended before it lets go.
        boolean held = directory.isHeld();
        KeeperState state = directory.state();
        if (state.phase() == Phase.COMPLETE || state.phase() == Phase.FAILED) {
            return state;
        }
        requireThisHost(held, state);
        if (!held) {
            return state;
        }
        request.run();
        return await();
    }

    /** The lock of a keeper on another machine is not seen from here: it may be well. */
    private void requireThisHost(boolean held, KeeperState state) {
        if (!held && !state.process().host().equals(BundleDirectory.thisHost())) {
            throw UnderstudyException.of(
                            ErrorCode.BUNDLE_TAKEN,
                            "the keeper of \"%s\" works on host \"%s\"",
                            directory.path(),
                            state.process().host())
                    .detail("This is host \"%s\".", BundleDirectory.thisHost())
                    .hint("Give the same command there.")
                    .build();
        }
    }

    private KeeperState await() {
        CountDownLatch never = new CountDownLatch(1);
        String said = "";
        while (true) {
            boolean held = directory.isHeld();
            KeeperState state = directory.state();
            if (!held || state.phase() == Phase.COMPLETE || state.phase() == Phase.FAILED) {
                return state;
            }
            String now = state.phase() == Phase.ENDING
                    ? "the end of the backup"
                    : state.sign().waiting();
            if (!now.equals(said) && !now.isEmpty()) {
                waiting.accept(now);
                said = now;
            }
            try {
                if (never.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    return state;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return state;
            }
        }
    }

    /** Writes down why a backup is over, unless its keeper has; no label is left of it. */
    KeeperState failed(KeeperState state, KeeperState.Failure why) {
        directory.discardLabel();
        if (state.failure().isPresent()) {
            return state;
        }
        KeeperState next = state.withFailure(why);
        directory.write(next);
        return next;
    }

    static KeeperState.Failure died(KeeperState state) {
        return new KeeperState.Failure(
                ErrorCode.BACKUP_SESSION_LOST.name(),
                "the keeper, process %d on host \"%s\", has died"
                        .formatted(state.process().pid(), state.process().host()),
                "With it went the session that held the backup, which the server has aborted.",
                java.util.List.of());
    }

    /** The slot as it is to be reached from here. */
    KeptSlot slot(KeeperState state) {
        return new KeptSlot(
                primary.orElseGet(() -> Conninfo.parse(state.primary())),
                state.slot().name());
    }

    /**
     * Drops the slot that a backup left which is over.
     *
     * @throws UnderstudyException {@link ErrorCode#BACKUP_LEFT}
     */
    void dropLeftSlot(KeeperState state) {
        if (!state.mayHaveLeftSlot()) {
            return;
        }
        String name = state.slot().name();
        try {
            slot(state).drop(state.backup().systemIdentifier());
            directory.write(directory.state().withSlot(true, true));
        } catch (UnderstudyException e) {
            throw UnderstudyException.of(
                            ErrorCode.BACKUP_LEFT,
                            "the backup is over, and its replication slot \"%s\" could not be dropped",
                            name)
                    .detail(
                            "%s: it keeps WAL on the primary. %s",
                            e.message(), state.failure().orElseThrow().message())
                    .hint("Run \"understudy backup drop\", with --primary if a password is needed.")
                    .hint(
                            "Or drop it on the primary with: SELECT pg_drop_replication_slot('%s');",
                            name.replace("'", "''"))
                    .cause(e)
                    .build();
        }
    }
}
