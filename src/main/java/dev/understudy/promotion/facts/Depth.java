package dev.understudy.promotion.facts;

import java.util.Locale;

/** How deep corruption is looked for. */
public enum Depth {
    /** The system catalogs and their files: seconds, whatever the cluster's size. */
    QUICK,
    /** Every page of every file, every index and table: reads the whole cluster. */
    FULL;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
