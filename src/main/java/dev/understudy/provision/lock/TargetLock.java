package dev.understudy.provision.lock;

import dev.understudy.engine.journal.ProcessInfo;
import dev.understudy.engine.journal.TargetHold;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.host.HostFiles;
import dev.understudy.host.open.LaterHost;
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

    /** {@code $1} the names' beginning. The directory is everybody's, so nothing in it is listed but our own. */
    private static final String LIST = "cd /tmp && for f in \"$1\"*; do"
            + " [ ! -h \"$f\" ] || { t=$(readlink -- \"$f\") && printf '%s %s\\n' \"${f#\"$1\"}\" \"$t\"; }; done; exit 0";

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
            TreeMap<Long, String> links = links(host, base);
            if (!links.isEmpty()) {
                String path = DIRECTORY + "/" + base + links.lastKey();
                refuseIfHeld(path, links.lastEntry().getValue(), run, display);
            }
            long number = links.isEmpty() ? 1 : links.lastKey() + 1;
            String path = DIRECTORY + "/" + base + number;
            if (make(files, path, own)) {
                TargetLock lock = new TargetLock(files, path);
                if (lock.isHighest(host, base, number)) {
                    links.keySet().forEach(lower -> deleteIfMay(files, DIRECTORY + "/" + base + lower));
                    return lock;
                }
            }
        }
        throw UnderstudyException.of(ErrorCode.RUN_ALIVE, "others keep taking target \"%s\"", display)
                .build();
    }

    /** The same; there is nothing to hold yet where a hook of the run is going to make the machine. */
    public static TargetHold takeIfThere(Host host, String dataDirectory, String display, String run) {
        try {
            return take(host, dataDirectory, display, run);
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.HOST_UNREACHABLE && host instanceof LaterHost) {
                return TargetHold.NONE;
            }
            throw e;
        }
    }

    /** Another spelling of the path, or a link to it, is the same directory. */
    private static String canonical(HostFiles files, String dataDirectory) {
        String missing = "";
        for (String path = dataDirectory; !path.isEmpty(); path = path.substring(0, path.lastIndexOf('/'))) {
            Optional<String> real = realPath(files, path);
            if (real.isPresent()) {
                return real.get() + missing;
            }
            missing = path.substring(path.lastIndexOf('/')) + missing;
        }
        return missing;
    }

    /** A path that may not be looked into is locked as it is spelled: the preflight says what is wrong with it. */
    private static Optional<String> realPath(HostFiles files, String path) {
        try {
            return files.realPath(path);
        } catch (UnderstudyException e) {
            if (e.code() == ErrorCode.FILE_FORBIDDEN) {
                return Optional.of(path);
            }
            throw e;
        }
    }

    /** What each link of that name says, by its number; one that goes away meanwhile is left out. */
    private static TreeMap<Long, String> links(Host host, String base) {
        CommandResult result = host.run(Command.shell(LIST, base)
                        .withDirectory("/")
                        .withEnvironment("LC_ALL", "C")
                        .asLook())
                .orThrow();
        TreeMap<Long, String> links = new TreeMap<>();
        for (String line : result.text().lines().toList()) {
            int space = line.indexOf(' ');
            String number = line.substring(0, Math.max(space, 0));
            if (number.matches("[0-9]{1,18}")) {
                links.put(Long.parseLong(number), line.substring(space + 1));
            }
        }
        return links;
    }

    private static void refuseIfHeld(String path, String text, String run, String display) {
        Optional<Claim> claim = Claim.parse(text);
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

    /** Gives it back if it is not, or if that cannot be told. */
    private boolean isHighest(Host host, String base, long number) {
        boolean highest = false;
        try {
            TreeMap<Long, String> links = links(host, base);
            highest = !links.isEmpty() && links.lastKey() == number;
        } finally {
            if (!highest) {
                close();
            }
        }
        return highest;
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
