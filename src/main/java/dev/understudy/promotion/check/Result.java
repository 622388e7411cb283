package dev.understudy.promotion.check;

import java.util.Locale;

/** What a check comes to. */
public enum Result {
    /** Looked at, and well. */
    PASS,
    /** Something to know of that does not stand in the way. */
    WARN,
    /** Stands in the way of a promotion. */
    FAIL,
    /** Not looked at; the summary says why. */
    SKIPPED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
