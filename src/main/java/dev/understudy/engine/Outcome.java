package dev.understudy.engine;

/** How a run ended, or that it has not. */
public enum Outcome {
    /** A standby stands and every part of the proof holds. */
    PROVEN("proven"),
    /** All steps are verified; the plan has no standby to prove. */
    DONE("done"),
    /** Refused before anything was changed. */
    REFUSED("refused"),
    /** Failed; all that the run made was undone. */
    UNDONE("undone"),
    /** Failed, and something that the run made is left. */
    LEFT("left"),
    /** The process is gone, or was told to stop, with work unfinished; {@code resume} or {@code abort} go on. */
    INTERRUPTED("interrupted"),
    /** A live process is working on it. */
    RUNNING("running");

    private final String printed;

    Outcome(String printed) {
        this.printed = printed;
    }

    public String printed() {
        return printed;
    }
}
