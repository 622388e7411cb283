package dev.understudy.provision.bundle;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.provision.bundle.KeeperState.Phase;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Gives a backup up that nobody needs any more, however it stands: an open one is aborted; of one that was ended the slot
 * goes, which else keeps WAL on the primary until a clone streams from it, and with it the label, since a clone that is
 * sealed with it might find its WAL removed.
 */
public final class BackupDrop {
    private final BundleDirectory directory;
    private final OtherKeeper keeper;

    /**
     * @param primary how the server is reached, if not as it was begun with: a password is on no record
     * @param waiting told what it waits for
     */
    public BackupDrop(BundleDirectory directory, Optional<Conninfo> primary, Consumer<String> waiting) {
        this.directory = directory;
        this.keeper = new OtherKeeper(directory, primary, waiting);
    }

    /** Why a backup is over that was given up on purpose. */
    static UnderstudyException dropped() {
        return UnderstudyException.of(ErrorCode.BACKUP_CANCELLED, "it was given up by \"understudy backup drop\"")
                .build();
    }

    /**
     * Gives it up; bears being repeated.
     *
     * @throws UnderstudyException {@link ErrorCode#BUNDLE_IN_USE} if a standby has used the slot, before anything was
     *     changed; {@link ErrorCode#BACKUP_LEFT} if the slot could not be dropped
     */
    public void drop() {
        KeeperState last = keeper.ask(directory::requestDrop);
        if (last.phase() == Phase.COMPLETE) {
            requireUnused(last);
        }
        boolean died = last.phase() != Phase.COMPLETE && last.failure().isEmpty();
        KeeperState state = keeper.failed(last, died ? OtherKeeper.died(last) : KeeperState.Failure.of(dropped()));
        keeper.dropLeftSlot(state);
    }

    /** A standby that streams moves its slot on; then the slot is that standby's, whether it runs at the moment or not. */
    private void requireUnused(KeeperState state) {
        if (!state.slot().made()) {
            return;
        }
        SlotStanding standing = keeper.slot(state).stand(state.backup());
        if (standing.isUsed()) {
            throw UnderstudyException.of(
                            ErrorCode.BUNDLE_IN_USE,
                            "a standby that was made with this bundle uses replication slot \"%s\"",
                            state.slot().name())
                    .detail("%s.", standing.words())
                    .hint(
                            "If that standby is not needed any more, drop it on the primary with: SELECT pg_drop_replication_slot('%s');",
                            state.slot().name().replace("'", "''"))
                    .build();
        }
    }
}
