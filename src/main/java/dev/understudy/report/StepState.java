package dev.understudy.report;

/** Where a step stands. The printed words are part of the JSON's promise. */
public enum StepState {
    /** Not begun. */
    PENDING("pending", "·"),
    /** Being worked on, or cut short there. */
    APPLYING("applying", "…"),
    /** Its work is done but not yet seen to have reached its goal. */
    APPLIED("applied", "…"),
    /** Its goal was met and seen to be. */
    VERIFIED("verified", "✓"),
    /** It could not reach its goal. */
    FAILED("failed", "✗"),
    /** What it made was taken back. */
    UNDONE("undone", "↶");

    private final String printed;
    private final String mark;

    StepState(String printed, String mark) {
        this.printed = printed;
        this.mark = mark;
    }

    public String printed() {
        return printed;
    }

    /** One character for lists that people read. */
    public String mark() {
        return mark;
    }
}
