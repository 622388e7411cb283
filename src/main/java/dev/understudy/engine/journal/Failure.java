package dev.understudy.engine.journal;

import dev.understudy.error.Category;
import dev.understudy.error.UnderstudyException;
import java.util.List;

/**
 * An error as the journal keeps it.
 *
 * @param code the name in the catalogue, {@code WAIT_TIMED_OUT}; text, so that an older version can read a newer journal
 * @param number as printed, {@code US-7006}
 * @param category who can act on it
 * @param message one line
 * @param detail what is known besides, or empty
 * @param hints what to do, one whole sentence each
 */
public record Failure(
        String code, String number, Category category, String message, String detail, List<String> hints) {
    public Failure {
        hints = List.copyOf(hints);
    }

    public static Failure of(UnderstudyException error) {
        return new Failure(
                error.code().name(),
                error.code().printed(),
                error.code().category(),
                error.message(),
                error.detail(),
                error.hints());
    }
}
