package dev.understudy.provision.preflight.facts;

import java.util.List;
import java.util.Optional;

/**
 * A path on a host, looked at as the account that works there.
 *
 * @param path as it was given, absolute
 * @param kind what is there, a symbolic link's end counting
 * @param realPath with every symbolic link resolved; where nothing is there, that of the nearest existing parent with
 *     the rest appended
 * @param linkTarget what the path itself says if it is a symbolic link
 * @param ownerUid numeric owner, -1 if nothing is there
 * @param entries names in it if it is a directory, at most 20, sorted
 * @param parentIssue why a directory cannot be made there: the nearest existing parent is not writable, not a directory;
 *     empty if it can, or if the path exists and can be written
 * @param space the file system that holds it; empty if it could not be told
 */
public record PathFacts(
        String path,
        Kind kind,
        String realPath,
        Optional<String> linkTarget,
        int ownerUid,
        List<String> entries,
        Optional<String> parentIssue,
        Optional<SpaceFacts> space) {
    /** What is at a path. */
    public enum Kind {
        ABSENT,
        DIRECTORY,
        OTHER,
        /** Something that the account may not look into. */
        FORBIDDEN
    }

    public PathFacts {
        entries = List.copyOf(entries);
    }

    public boolean isAbsent() {
        return kind == Kind.ABSENT;
    }

    public boolean isEmptyDirectory() {
        return kind == Kind.DIRECTORY && entries.isEmpty();
    }

    /** Whether this path is the other or lies below it, symbolic links resolved. */
    public boolean isWithin(String otherRealPath) {
        String base = otherRealPath.endsWith("/") ? otherRealPath : otherRealPath + "/";
        return (realPath + "/").startsWith(base);
    }

    /** Whether the other path lies below this one, or is it. */
    public boolean contains(String otherRealPath) {
        String base = realPath.endsWith("/") ? realPath : realPath + "/";
        return (otherRealPath + "/").startsWith(base);
    }

    /** The first entries for people: {@code "base", "global" and others}. */
    public String describeEntries() {
        String shown = String.join(
                ", ", entries.stream().limit(3).map(name -> "\"" + name + "\"").toList());
        return entries.size() > 3 ? shown + " and others" : shown;
    }
}
