package dev.understudy.provision.copy;

import dev.understudy.transfer.files.FileTable;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.files.TargetListing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Tells what the run made in a target from what somebody else put there meanwhile. */
final class Strangers {
    /** What steps after the copy write, and a server at its start, whatever the primary has. */
    private static final Set<String> OWN = Set.of(
            TargetLayout.CONTROL_FILE,
            TargetLayout.PENDING_CONTROL_FILE,
            TargetClaim.FORMER_CONTROL_FILE,
            "backup_label",
            "backup_label.before",
            "backup_label.old",
            "backup_manifest",
            "current_logfiles",
            "postgresql.auto.conf",
            "postmaster.opts",
            "postmaster.pid",
            "recovery.conf",
            "recovery.conf.before",
            "recovery.done",
            "recovery.signal",
            "recovery.signal.before",
            "standby.signal",
            "standby.signal.before",
            "tablespace_map",
            "tablespace_map.old",
            "understudy-start.log",
            "understudy.pgpass");

    /** Names of files and directories on their way to their own. */
    private static final Pattern TEMPORARY =
            Pattern.compile("(?:.*/)?\\.understudy(?:(?:-[0-9a-f-]{36})?\\.tmp|\\.new)");

    /** What a server, or somebody who receives WAL for it, has in its WAL directory. */
    private static final Pattern WAL = Pattern.compile(
            "[0-9A-F]{8,24}[0-9A-Za-z.]*|xlogtemp\\.[0-9]+" + "|(?:archive_status|received|summaries)(?:/.*)?");

    private final MadeFiles made;
    private final Worked worked;
    private final String walPrefix;

    /** Who has worked on the directory besides the run's own steps. */
    enum Worked {
        NOBODY,
        /** A server that was started and did not come to recovery: it makes nothing among the relations. */
        STARTED,
        /** A server in recovery, or pg_basebackup: what they make is known by its place alone. */
        ANYWHERE
    }

    Strangers(MadeFiles made, Worked worked, TargetLayout layout) {
        this.made = made;
        this.worked = worked;
        this.walPrefix = layout.walName() + "/";
    }

    /** Whether a name is one that only Understudy and servers give, so that an earlier attempt's may be replaced. */
    static boolean isOwnName(String path) {
        return OWN.contains(path) || TEMPORARY.matcher(path).matches();
    }

    /** Files that decide what the directory is, which steps write or move besides the copy. */
    static List<String> decisive() {
        List<String> decisive = new ArrayList<>(new TreeSet<>(OWN));
        decisive.addAll(List.of("pg_hba.conf", "pg_ident.conf", "postgresql.conf"));
        return decisive;
    }

    /** Whether the run, or the server that it started, made a file or directory of this name. */
    boolean isRuns(String path) {
        return isOurs(path, made.hasFile(path) || made.hasDirectory(path));
    }

    private boolean isOurs(String path, boolean listed) {
        if (listed || isOwnName(path)) {
            return true;
        }
        if (path.startsWith(walPrefix)) {
            return WAL.matcher(path.substring(walPrefix.length())).matches();
        }
        if (path.equals(walPrefix.substring(0, walPrefix.length() - 1))) {
            return true;
        }
        return switch (worked) {
            case NOBODY -> false;
            case STARTED -> isServersPlace(path) && !isRelationsPlace(path);
            case ANYWHERE -> isServersPlace(path);
        };
    }

    private static boolean isRelationsPlace(String path) {
        return path.startsWith("base/")
                || path.startsWith("global/")
                || path.startsWith(TargetLayout.TABLESPACES + "/");
    }

    private static boolean isServersPlace(String path) {
        if (path.startsWith(TargetLayout.TABLESPACES + "/")) {
            String[] names = path.split("/", 4);
            return names.length < 3 || names[2].startsWith("PG_");
        }
        String top = path.contains("/") ? path.substring(0, path.indexOf('/')) : path;
        return top.equals("base") || top.equals("global") || top.equals("log") || top.startsWith("pg_");
    }

    /** Relative paths of what the run did not make, sorted; what is below a strange directory is not named itself. */
    List<String> in(TargetListing listing) {
        Set<String> strange = new TreeSet<>();
        Set<String> tops = new HashSet<>();
        for (String directory : listing.directories()) {
            if (isBelow(directory, tops)) {
                continue;
            }
            if (!isOurs(directory, made.hasDirectory(directory) || isParentOfRoot(directory))) {
                strange.add(directory);
                tops.add(directory);
            }
        }
        FileTable files = listing.files();
        for (int file = 0; file < files.count(); file++) {
            add(files.path(file), made.hasFile(files.path(file)), tops, strange);
        }
        listing.others().forEach(path -> add(path, false, tops, strange));
        return List.copyOf(strange);
    }

    private void add(String path, boolean listed, Set<String> tops, Set<String> strange) {
        if (!isBelow(path, tops) && !isOurs(path, listed)) {
            strange.add(path);
        }
    }

    private static boolean isParentOfRoot(String directory) {
        return directory.equals(TargetLayout.TABLESPACES);
    }

    private static boolean isBelow(String path, Set<String> directories) {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            if (directories.contains(path.substring(0, slash))) {
                return true;
            }
        }
        return false;
    }

    /** The topmost entries that can go with all below them so that nothing strange goes. */
    static List<String> others(TargetListing listing, List<String> strange) {
        Set<String> staying = new HashSet<>(strange);
        staying.add(TargetLayout.TABLESPACES); // Holds the links to roots, whose contents are listed below it.
        for (String path : strange) {
            for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
                staying.add(path.substring(0, slash));
            }
        }
        Set<String> strangers = Set.copyOf(strange);
        List<String> going = new ArrayList<>();
        Set<String> gone = new HashSet<>();
        for (String directory : listing.directories()) {
            if (!staying.contains(directory) && !isBelow(directory, gone) && !isBelow(directory, strangers)) {
                going.add(directory);
                gone.add(directory);
            }
        }
        List<String> entries = new ArrayList<>(listing.others());
        for (int file = 0; file < listing.files().count(); file++) {
            entries.add(listing.files().path(file));
        }
        entries.stream()
                .filter(path -> !staying.contains(path) && !isBelow(path, gone) && !isBelow(path, strangers))
                .forEach(going::add);
        return going;
    }
}
