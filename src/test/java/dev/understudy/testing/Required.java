package dev.understudy.testing;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * The optional parts of the tests. A test whose part is missing is skipped, and says why, unless the system property
 * {@code understudy.require} (names, comma-separated) demands that part: then it fails, so that a skip can never pass
 * for a success where everything has to be there.
 *
 * <ul>
 *   <li>{@code docker}: a Docker daemon, and the image of the test hosts
 *   <li>{@code openssl}: the program, to make certificates with
 *   <li>{@code pgbouncer}: the connection pooler
 *   <li>{@code postgresql-15}: Debian's PostgreSQL 15 with its client programs, see {@link Oracles}
 *   <li>{@code root}: the right to mount file systems and to make network namespaces
 *   <li>{@code shellcheck}: the checker of shell scripts
 *   <li>{@code ssh}: OpenSSH's {@code sshd} on this machine
 * </ul>
 */
public final class Required {
    private static final String PROPERTY = "understudy.require";
    private static final Set<String> PARTS =
            Set.of("docker", "openssl", "pgbouncer", "postgresql-15", "root", "shellcheck", "ssh");

    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private Required() {}

    /**
     * Goes on if a part is there, skips the test if it is missing, fails it if it is missing and demanded.
     *
     * @param why what is missing and how to get it, as a sentence without full stop
     */
    public static void part(String part, boolean available, String why) {
        try {
            check(part, available, why, System.getProperty(PROPERTY, ""));
        } catch (TestAbortedException e) {
            // Neither Surefire nor Failsafe say why a test was skipped, or that a whole class was.
            if (SAID.add(part + why)) {
                System.err.println("Tests skipped: needs " + part + ": " + why);
            }
            throw e;
        }
    }

    static void check(String part, boolean available, String why, String demanded) {
        Set<String> names = names(demanded);
        if (!PARTS.contains(part)) {
            throw new IllegalArgumentException("no optional part is named " + part);
        }
        if (!PARTS.containsAll(names)) {
            throw new AssertionFailedError(
                    PROPERTY + "=" + demanded + " names an unknown part; there are " + new TreeSet<>(PARTS));
        }
        if (available) {
            return;
        }
        if (names.contains(part)) {
            throw new AssertionFailedError(PROPERTY + " demands " + part + ": " + why);
        }
        Assumptions.abort("needs " + part + ": " + why);
    }

    private static Set<String> names(String demanded) {
        return Arrays.stream(demanded.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }
}
