package dev.understudy.host;

import java.time.Instant;
import java.util.Optional;

/**
 * What a file is, not following a symbolic link at its end.
 *
 * @param path as asked for, or relative to the listed directory
 * @param kind what it is
 * @param size in bytes
 * @param modified time of last modification, with the resolution of the host's file system
 * @param mode permission bits, 0 to 07777
 * @param uid numeric owner
 * @param gid numeric group
 * @param device number of the device it is on, for telling mounts apart
 * @param linkTarget what a symbolic link says, unresolved
 */
public record FileStatus(
        String path,
        Kind kind,
        long size,
        Instant modified,
        int mode,
        int uid,
        int gid,
        long device,
        Optional<String> linkTarget) {
    /** Kinds of files. */
    public enum Kind {
        FILE,
        DIRECTORY,
        SYMBOLIC_LINK,
        OTHER
    }

    public boolean isDirectory() {
        return kind == Kind.DIRECTORY;
    }

    public boolean isFile() {
        return kind == Kind.FILE;
    }

    public boolean isSymbolicLink() {
        return kind == Kind.SYMBOLIC_LINK;
    }
}
