package dev.understudy.provision.site;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Account;
import dev.understudy.host.FileStatus;
import dev.understudy.host.Host;
import java.util.Optional;

/**
 * The account that the standby's server runs as. PostgreSQL refuses to run as root, so root has to choose one: the
 * plan's, else the owner of the directory or of what it is made in, else {@code postgres}.
 */
public final class TargetAccount {
    private static final String USUAL = "postgres";

    private TargetAccount() {}

    /**
     * Chooses.
     *
     * @param login the target's machine as whoever logged in
     * @param configured the plan's {@code account}
     * @throws UnderstudyException {@link ErrorCode#ACCOUNT_UNAVAILABLE}
     */
    public static Account choose(Host login, Optional<String> configured, String dataDirectory) {
        if (configured.isPresent()) {
            return login.findAccount(configured.get())
                    .filter(account -> !account.isRoot())
                    .orElseThrow(() -> unavailable(
                            login, "there is no account \"" + configured.get() + "\" that a server could run as"));
        }
        if (!login.account().isRoot()) {
            return login.account();
        }
        return ownerOf(login, dataDirectory)
                .or(() -> login.findAccount(USUAL))
                .orElseThrow(() -> unavailable(login, "PostgreSQL cannot run as root, and no other account was given"));
    }

    /** The owner of the directory, or of the nearest one above it that is there, unless that is root's. */
    private static Optional<Account> ownerOf(Host login, String dataDirectory) {
        String path = dataDirectory;
        while (!path.isEmpty()) {
            Optional<FileStatus> status = login.files().status(path);
            if (status.isPresent()) {
                return status.filter(found -> found.uid() != 0)
                        .flatMap(found -> login.findAccount(Integer.toUnsignedString(found.uid())));
            }
            path = path.substring(0, Math.max(0, path.lastIndexOf('/')));
        }
        return Optional.empty();
    }

    private static UnderstudyException unavailable(Host login, String what) {
        return UnderstudyException.of(ErrorCode.ACCOUNT_UNAVAILABLE, "on host \"%s\" %s", login.name(), what)
                .hint("Name the account that shall run the standby with -e account=NAME.")
                .build();
    }
}
