package dev.understudy.provision.bundle;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Conninfo;
import dev.understudy.provision.bundle.KeeperState.Phase;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Ends a backup that was begun by another command: asks its keeper to, or finds out that it was given up or that its keeper
 * died, clears away what that one left, and says that what was cloned is worthless.
 */
public final class EndOfBackup {
    private final BundleDirectory directory;
    private final OtherKeeper keeper;

    /**
     * @param primary how the server is reached, if not as it was begun with: a password is on no record
     * @param waiting told what it waits for
     */
    public EndOfBackup(BundleDirectory directory, Optional<Conninfo> primary, Consumer<String> waiting) {
        this.directory = directory;
        this.keeper = new OtherKeeper(directory, primary, waiting);
    }

    /**
     * Ends it.
     *
     * @return the complete bundle, also of a backup that was ended before
     * @throws UnderstudyException {@link ErrorCode#BACKUP_GIVEN_UP}, {@link ErrorCode#BACKUP_LEFT}
     */
    public Bundle end() {
        KeeperState last = keeper.ask(directory::requestEnd);
        if (last.phase() == Phase.COMPLETE) {
            return directory.bundle();
        }
        KeeperState state = keeper.failed(last, OtherKeeper.died(last));
        keeper.dropLeftSlot(state);
        KeeperState.Failure why = state.failure().orElseThrow();
        throw UnderstudyException.of(
                        ErrorCode.BACKUP_GIVEN_UP,
                        "the backup is lost, and what was cloned during it is worthless: %s",
                        why.message())
                .detail(
                        "%sWithout the end of its backup such a clone streams and never opens; no label exists for it%s.",
                        why.detail().isEmpty() ? "" : why.detail() + " ",
                        state.slot().made() ? ", and slot \"" + state.slot().name() + "\" is dropped" : "")
                .hint("Begin anew with another bundle directory, and clone again.")
                .build();
    }
}
