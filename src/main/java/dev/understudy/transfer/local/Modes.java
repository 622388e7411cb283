package dev.understudy.transfer.local;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Permission bits and Java's names for them. */
final class Modes {
    private static final PosixFilePermission[] BY_BIT = {
        PosixFilePermission.OTHERS_EXECUTE,
        PosixFilePermission.OTHERS_WRITE,
        PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_READ,
    };

    private Modes() {}

    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = PosixFilePermissions.fromString("---------");
        for (int bit = 0; bit < BY_BIT.length; bit++) {
            if ((mode >> bit & 1) == 1) {
                permissions.add(BY_BIT[bit]);
            }
        }
        return permissions;
    }

    static int bits(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (int bit = 0; bit < BY_BIT.length; bit++) {
            mode |= permissions.contains(BY_BIT[bit]) ? 1 << bit : 0;
        }
        return mode;
    }
}
