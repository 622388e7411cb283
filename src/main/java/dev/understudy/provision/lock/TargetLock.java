package dev.understudy.provision.lock;

import dev.understudy.engine.journal.ProcessInfo;
import dev.understudy.engine.journal.TargetHold;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.FileStatus;
import dev.understudy.host.Host;
import dev.understudy.host.HostFiles;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps runs on one target apart, whoever starts them, from which machine, with which state directory, and however they
 * spell its path. The lock is on the target's own machine, as a PostgreSQL server's lock on its socket is:
 *
 * <pre>
 * /tmp/.understudy-DIGEST.NUMBER -> run, pid, start of the process, machine
 * </pre>
 *
 * <p>A symbolic link is made with its contents in one step, and by one process only. DIGEST is the target's path with all
 * links resolved. The holder is who has the highest NUMBER; who finds that one dead makes the next, and looks again
 * whether it is the highest then. So nobody has to remove another's lock before taking over, which could hit one that was
 * taken just now.
 */
public final class TargetLock implements TargetHold {
    private static final String DIRECTORY = "/tmp";
    private static final int ATTEMPTS = 100;

    /** Held by this process; a lock of this process that is not among them was left by a connection that was lost. */
    private static final Set<String> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final HostFiles files;
    private final String path;

    private TargetLock(HostFiles files, String path) {
        this.files = files;
        this.path = path;
    }

    /**
     * Takes the lock.
     *
     * @param host the target's machine
     * @param dataDirectory absolute path of the target, which may be missing
     * @param display the target, for people
     * @param run a lock that this run's own dead process left is not in the way, wherever that process was
     * @throws UnderstudyException {@link ErrorCode#RUN_ALIVE} naming the holder's pid
     */
    public static TargetLock take(Host host, String dataDirectory, String display, String run) {
        HostFiles files = host.files();
        String base = ".understudy-" + digest(canonical(files, dataDirectory)) + ".";
        Claim own = new Claim(
                run, ProcessIdentity.current(), ProcessInfo.current("").host(), System.getProperty("user.name", ""));
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            TreeMap<Long, FileStatus> links = links(files, base);
            if (!links.isEmpty()) {
                refuseIfHeld(links.lastEntry().getValue(), run, display);
            }
            long number = links.isEmpty() ? 1 : links.lastKey() + 1;
            String path = DIRECTORY + "/" + base + number;
            if (make(files, path, own) && isHighest(files, base, number)) {
                links.values().forEach(link -> deleteIfMay(files, DIRECTORY + "/" + link.path()));
                return new TargetLock(files, path);
            }
        }
        throw UnderstudyException.of(ErrorCode.RUN_ALIVE, "others keep taking target \"%s\"", display)
                .build();
    }

    /** Another spelling of the path, or a link to it, is the same directory. */
    private static String canonical(HostFiles files, String dataDirectory) {
        String missing = "";
        for (String path = dataDirectory; !path.isEmpty(); path = path.substring(0, path.lastIndexOf('/'))) {
            Optional<String> real = files.realPath(path);
            if (real.isPresent()) {
                return real.get() + missing;
            }
            missing = path.substring(path.lastIndexOf('/')) + missing;
        }
        return missing;
    }

    private static TreeMap<Long, FileStatus> links(HostFiles files, String base) {
        TreeMap<Long, FileStatus> links = new TreeMap<>();
        for (FileStatus status : files.list(DIRECTORY)) {
            String number = status.path().startsWith(base) ? status.path().substring(base.length()) : "";
            if (number.matches("[0-9]{1,18}")) {
                links.put(Long.parseLong(number), status);
            }
        }
        return links;
    }

    private static void refuseIfHeld(FileStatus link, String run, String display) {
        String path = DIRECTORY + "/" + link.path();
        Optional<Claim> claim = link.linkTarget().flatMap(Claim::parse);
        if (claim.isEmpty()) {
            throw UnderstudyException.of(ErrorCode.RUN_ALIVE, "target \"%s\" is locked", display)
                    .detail("\"%s\" is no lock that this version of Understudy can read.", path)
                    .hint("If no Understudy works on the target, remove \"%s\".", path)
                    .build();
        }
        if (claim.get().run().equals(run)) {
            return; // Whoever opened the run holds the run's own lock, so its process is dead.
        }
        ProcessIdentity holder = claim.get().process();
        boolean ownLeftover = holder.equals(ProcessIdentity.current()) && !HELD_HERE.contains(path);
        ProcessIdentity.Life life = ownLeftover ? ProcessIdentity.Life.DEAD : holder.look();
        if (life != ProcessIdentity.Life.DEAD) {
            throw alive(claim.get(), life, path, display);
        }
    }

    private static UnderstudyException alive(Claim claim, ProcessIdentity.Life life, String path, String display) {
        UnderstudyException.Builder error = UnderstudyException.of(
                        ErrorCode.RUN_ALIVE,
                        "process %d is working on target \"%s\"",
                        claim.process().pid(),
                        display)
                .detail("Its run is %s, of user \"%s\" on machine \"%s\".", claim.run(), claim.user(), claim.host())
                .hint("Wait for it to end, or stop it.");
        if (life == ProcessIdentity.Life.UNKNOWN) {
            error.hint(
                    "From here it cannot be seen. If it is gone, resume or abort its run there, or remove \"%s\" on the target's machine.",
                    path);
        }
        return error.build();
    }

    /** False if somebody else was faster. */
    private static boolean make(HostFiles files, String path, Claim claim) {
        if (!HELD_HERE.add(path)) {
            return false;
        }
        try {
            files.createSymbolicLink(path, claim.text());
            return true;
        } catch (UnderstudyException e) {
            HELD_HERE.remove(path);
            if (e.code() == ErrorCode.FILE_EXISTS) {
                return false;
            }
            throw e;
        }
    }

    private static boolean isHighest(HostFiles files, String base, long number) {
        if (links(files, base).lastKey() == number) {
            return true;
        }
        String path = DIRECTORY + "/" + base + number;
        files.delete(path);
        HELD_HERE.remove(path);
        return false;
    }

    /** Another account's stays in a directory with the sticky bit; a higher number is enough. */
    private static void deleteIfMay(HostFiles files, String path) {
        try {
            files.delete(path);
        } catch (UnderstudyException e) {
            if (e.code() != ErrorCode.FILE_FORBIDDEN) {
                throw e;
            }
        }
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Gives the lock back. If that fails it dies with this process all the same. */
    @Override
    public void close() {
        HELD_HERE.remove(path);
        try {
            files.delete(path);
        } catch (UnderstudyException e) {
            return;
        }
    }
}
