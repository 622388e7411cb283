package dev.understudy.provision.preflight.check;

/** What a check says, the worst first. */
public enum CheckState {
    /** A later step would fail, or the standby would not be what was asked for. Nothing is started. */
    FAIL("fail"),
    /** The run can go on; somebody should know. */
    WARN("warn"),
    /** Looked at and found in order. */
    PASS("pass"),
    /** Does not apply, could not be told, or was not wanted; the summary says which. */
    SKIPPED("skipped");

    private final String printed;

    CheckState(String printed) {
        this.printed = printed;
    }

    public String printed() {
        return printed;
    }
}
