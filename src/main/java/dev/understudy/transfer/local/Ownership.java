package dev.understudy.transfer.local;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Account;
import dev.understudy.transfer.files.RelativePath;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.stream.Stream;

/**
 * Gives what is made its owner, mode and time.
 *
 * @param change whether the owner is another than this process's account
 */
record Ownership(boolean change, UserPrincipal user, GroupPrincipal group) {
    /** Files shall belong to this account. */
    static Ownership of(Account account) {
        try {
            Object mine = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            UserPrincipalLookupService names = FileSystems.getDefault().getUserPrincipalLookupService();
            UserPrincipal user = names.lookupPrincipalByName(Integer.toUnsignedString(account.uid()));
            GroupPrincipal group = names.lookupPrincipalByGroupName(Integer.toUnsignedString(account.gid()));
            return new Ownership(!Integer.valueOf(account.uid()).equals(mine), user, group);
        } catch (IOException failure) {
            throw LocalErrors.of(failure, "could not look up account", account.name());
        }
    }

    void settle(PosixFileAttributeView view, int mode) throws IOException {
        if (change) {
            view.setOwner(user);
            view.setGroup(group);
        }
        view.setPermissions(Modes.permissions(mode));
    }

    /** Owner, mode and time of a file below a safely opened directory. */
    void settle(LocalRoots.Place place, int mode, FileTime modified) throws IOException {
        settle(view(place), mode);
        view(place).setTimes(modified, null, null);
    }

    /** Owner and mode of a directory below a safely opened one. */
    void settle(LocalRoots.Place place, int mode) throws IOException {
        settle(view(place), mode);
    }

    private static PosixFileAttributeView view(LocalRoots.Place place) {
        return place.directory()
                .getFileAttributeView(place.name(), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Refuses to give away a directory that holds something of somebody else's: whoever may put links where the standby's
     * directories are to be could otherwise have any directory of this machine given to him.
     *
     * @param directory without links in its path
     */
    void requireMayGiveAway(Path directory) throws IOException {
        if (!change || Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(user)) {
            return;
        }
        try (Stream<Path> contents = Files.list(directory)) {
            if (contents.findAny().isPresent()) {
                throw UnderstudyException.of(
                                ErrorCode.TARGET_UNSAFE,
                                "directory \"%s\" belongs to account \"%s\" and holds something",
                                RelativePath.printable(directory.toString()),
                                Files.getOwner(directory).getName())
                        .detail("It was not given to account \"%s\".", user.getName())
                        .hint("If it is meant, change its owner, or make it empty.")
                        .build();
            }
        }
    }

    void settleDirectory(Path directory, int mode) throws IOException {
        settle(Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS), mode);
    }

    /** A link's own owner, not that of what it leads to. */
    void settleLink(Path link) throws IOException {
        if (change) {
            Files.setOwner(link, user);
        }
    }
}
