package dev.understudy.report;

/** Where a step stands. The printed words are part of the JSON's promise. */
public enum StepState {
    /** Not begun. */
    PENDING("pending", "·"),
    /** Being worked on, or cut short there. */
    RUNNING("running", "…"),
    /** Its goal was met and seen to be. */
    VERIFIED("verified", "✓"),
    /** It could not reach its goal. */
    FAILED("failed", "✗"),
    /** What it made was taken back. */
    UNDONE("undone", "↶"),
    /** What it made could not be taken back. */
    LEFT("left", "!");

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
