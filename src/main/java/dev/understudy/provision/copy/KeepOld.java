package dev.understudy.provision.copy;

import java.util.Locale;

/** How much of a directory that is seeded anew is kept for abort. */
public enum KeepOld {
    /** What is about to be changed; enough until the new standby's server has begun its recovery. */
    CHANGED,
    /** Everything, until the standby is proven. */
    ALL,
    /** Nothing but settings and what the primary does not have: there is no way back. */
    NONE;

    /** @param name as in the playbook */
    public static KeepOld of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
