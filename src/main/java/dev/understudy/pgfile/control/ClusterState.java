package dev.understudy.pgfile.control;

/**
 * What a database cluster was doing when its control file was last written, in pg_controldata's words.
 *
 * <p>Source: {@code DBState} in {@code src/include/catalog/pg_control.h}.
 */
public enum ClusterState {
    STARTUP("starting up"),
    SHUT_DOWN("shut down"),
    SHUT_DOWN_IN_RECOVERY("shut down in recovery"),
    SHUTTING_DOWN("shutting down"),
    IN_CRASH_RECOVERY("in crash recovery"),
    IN_ARCHIVE_RECOVERY("in archive recovery"),
    IN_PRODUCTION("in production"),
    /** A number that no version of PostgreSQL writes. */
    UNRECOGNIZED("unrecognized status code");

    private final String words;

    ClusterState(String words) {
        this.words = words;
    }

    /** The state a number in the file stands for; {@link #UNRECOGNIZED} if it stands for none. */
    static ClusterState ofNumber(int number) {
        return number >= 0 && number < UNRECOGNIZED.ordinal() ? values()[number] : UNRECOGNIZED;
    }

    public String words() {
        return words;
    }

    @Override
    public String toString() {
        return words;
    }
}
