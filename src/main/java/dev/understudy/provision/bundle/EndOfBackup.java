package dev.understudy.provision.bundle;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.provision.bundle.KeeperState.Phase;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Ends a backup that was begun by another command: asks its keeper to, or finds out that it was given up or that its keeper
 * died, clears away what that one left, and says that what was cloned is worthless.
 */
public final class EndOfBackup {
    private static final long POLL_MILLIS = 100;

    private final BundleDirectory directory;
    private final Optional<Conninfo> primary;
    private final Consumer<String> waiting;

    /**
     * @param primary how the server is reached, if not as it was begun with: a password is on no record
     * @param waiting told what it waits for
     */
    public EndOfBackup(BundleDirectory directory, Optional<Conninfo> primary, Consumer<String> waiting) {
        this.directory = directory;
        this.primary = primary;
        this.waiting = waiting;
    }

    /**
     * Ends it.
     *
     * @return the complete bundle, also of a backup that was ended before
     * @throws UnderstudyException {@link ErrorCode#BACKUP_GIVEN_UP}, {@link ErrorCode#BACKUP_LEFT}
     */
    public Bundle end() {
        // Whether it is held is asked first: a keeper writes how it ended before it lets go.
        boolean held = directory.isHeld();
        KeeperState state = directory.state();
        if (state.phase() == Phase.COMPLETE) {
            return directory.bundle();
        }
        requireThisHost(held, state);
        if (held && state.phase() != Phase.FAILED) {
            directory.requestEnd();
            state = await();
        }
        if (state.phase() == Phase.COMPLETE) {
            return directory.bundle();
        }
        throw givenUp(state);
    }

    /** The lock of a keeper on another machine is not seen from here: it may be well. */
    private void requireThisHost(boolean held, KeeperState state) {
        if (!held && state.phase() != Phase.FAILED && !state.host().equals(BundleDirectory.thisHost())) {
            throw UnderstudyException.of(
                            ErrorCode.BUNDLE_TAKEN,
                            "the keeper of \"%s\" works on host \"%s\"",
                            directory.path(),
                            state.host())
                    .detail("This is host \"%s\".", BundleDirectory.thisHost())
                    .hint("End the backup there.")
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
            String now = state.phase() == Phase.ENDING ? "the end of the backup" : state.waiting();
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

    private UnderstudyException givenUp(KeeperState last) {
        KeeperState state = last;
        if (state.failure().isEmpty()) {
            directory.discardLabel();
            state = state.withFailure(new KeeperState.Failure(
                    ErrorCode.BACKUP_SESSION_LOST.name(),
                    "the keeper, process %d on host \"%s\", has died".formatted(state.pid(), state.host()),
                    "With it went the session that held the backup, which the server has aborted.",
                    List.of()));
            directory.write(state);
        }
        if (state.mayHaveLeftSlot()) {
            dropSlot(state);
        }
        KeeperState.Failure why = state.failure().orElseThrow();
        return UnderstudyException.of(
                        ErrorCode.BACKUP_GIVEN_UP,
                        "the backup is lost, and what was cloned during it is worthless: %s",
                        why.message())
                .detail(
                        "%sWithout the end of its backup such a clone streams and never opens; no label exists for it%s.",
                        why.detail().isEmpty() ? "" : why.detail() + " ",
                        state.slotMade() ? ", and slot \"" + state.slot() + "\" is dropped" : "")
                .hint("Begin anew with another bundle directory, and clone again.")
                .build();
    }

    private void dropSlot(KeeperState state) {
        Conninfo conninfo = primary.orElseGet(() -> Conninfo.parse(state.primary()));
        try {
            new KeptSlot(conninfo, state.slot()).drop(state.systemIdentifier());
            directory.write(directory.state().withSlot(true, true));
        } catch (UnderstudyException e) {
            throw UnderstudyException.of(
                            ErrorCode.BACKUP_LEFT,
                            "the backup is lost, and its replication slot \"%s\" could not be dropped",
                            state.slot())
                    .detail(
                            "%s: it keeps WAL on the primary. %s",
                            e.message(), state.failure().orElseThrow().message())
                    .hint("Run \"understudy backup end\" again, with --primary if a password is needed.")
                    .hint(
                            "Or drop it on the primary with: SELECT pg_drop_replication_slot('%s');",
                            state.slot().replace("'", "''"))
                    .cause(e)
                    .build();
        }
    }
}
