package dev.understudy.doctor.gather;

import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Known;
import java.util.function.Supplier;

/** Turns what cannot be seen into the reason why. */
public final class Looking {
    private Looking() {}

    public static <T> Known<T> at(Supplier<T> look) {
        try {
            return Known.of(look.get());
        } catch (UnderstudyException e) {
            return Known.unknown(reason(e));
        }
    }

    public static String reason(UnderstudyException e) {
        String detail = e.detail().replace('\n', ' ').strip();
        return "could not: " + e.message() + (detail.isEmpty() ? "" : ": " + detail);
    }
}
