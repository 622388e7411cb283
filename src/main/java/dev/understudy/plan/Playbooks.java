package dev.understudy.plan;

import java.util.List;

/** Finds playbooks: the shipped ones by name, others by path. */
public final class Playbooks {
    private static final List<String> SHIPPED = List.of("basebackup", "reseed", "standby");

    private Playbooks() {}

    /** Names of the shipped playbooks, sorted. */
    public static List<String> shipped() {
        return SHIPPED;
    }

    /**
     * Reads a shipped playbook by its name, or a file.
     *
     * @param nameOrFile a name without a slash that is shipped wins over a file
     * @throws dev.understudy.error.UnderstudyException {@code PLAYBOOK_UNKNOWN}, {@code PLAYBOOK_INVALID}
     */
    public static Playbook load(String nameOrFile) {
        throw new UnsupportedOperationException();
    }
}
