package dev.understudy.testing;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.List;

/** Parts of the tests that need something of the machine. */
public final class Requirements {
    private Requirements() {}

    /**
     * Skips the test, saying why; or fails it if the system property {@code understudy.require} demands the part.
     *
     * @param part {@code ssh}, {@code docker} or {@code postgresql-15}
     */
    public static void missing(String part, String reason) {
        if (List.of(System.getProperty("understudy.require", "").split(",", -1)).contains(part)) {
            fail("understudy.require demands \"%s\": %s", part, reason);
        }
        abort("skipped without \"%s\": %s".formatted(part, reason));
    }
}
