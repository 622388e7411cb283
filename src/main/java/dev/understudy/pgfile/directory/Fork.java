package dev.understudy.pgfile.directory;

import java.util.Optional;

/** The kinds of file a relation has. Source: {@code ForkNumber} in {@code src/include/common/relpath.h}. */
public enum Fork {
    MAIN(""),
    FREE_SPACE_MAP("fsm"),
    VISIBILITY_MAP("vm"),
    INIT("init");

    private final String suffix;

    Fork(String suffix) {
        this.suffix = suffix;
    }

    /** The word in the file's name after an underscore; empty for the main fork. */
    public String suffix() {
        return suffix;
    }

    static Optional<Fork> ofSuffix(String suffix) {
        for (Fork fork : values()) {
            if (fork.suffix.equals(suffix)) {
                return Optional.of(fork);
            }
        }
        return Optional.empty();
    }
}
