package dev.understudy.cli.console;

import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.RunState;
import dev.understudy.error.Category;
import java.util.Map;

/** What the process tells its caller. Scripts depend on the numbers; they never change their meaning. */
public enum ExitCode {
    /** Done, healthy or go. */
    OK(0),
    /** Findings, failed checks or no-go. */
    FINDINGS(1),
    /** Wrong usage, or a playbook that cannot be read. */
    USAGE(2),
    /** Refused before anything was changed. */
    REFUSED(3),
    /** Failed, and all that the run made was undone. */
    UNDONE(4),
    /** Failed or interrupted, and something is left. */
    LEFT(5),
    /** A defect in Understudy; the number is {@code EX_SOFTWARE} of sysexits.h. */
    DEFECT(70);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** For an error that ends a command. */
    public static ExitCode of(Category category) {
        return switch (category) {
            case USAGE -> USAGE;
            case FINDINGS -> FINDINGS;
            case REFUSED -> REFUSED;
            case FAILED -> UNDONE;
            case LEFT -> LEFT;
            case DEFECT -> DEFECT;
        };
    }

    /**
     * For the end of a run; one that has not ended counts as one that leaves something, and one that was cleared away
     * because somebody asked for that as done.
     */
    public static ExitCode of(RunState run) {
        if (run.outcome() == Outcome.DONE && hasFindings(run)) {
            return FINDINGS;
        }
        return run.aborted() && run.outcome() == Outcome.UNDONE ? OK : of(run.outcome());
    }

    /** A rehearsal that found something wrong did what it was asked to do. */
    private static boolean hasFindings(RunState run) {
        return Boolean.FALSE.equals(
                run.published().getOrDefault("rehearsal", Map.of()).get("good"));
    }

    static ExitCode of(Outcome outcome) {
        return switch (outcome) {
            case PROVEN, DONE -> OK;
            case REFUSED -> REFUSED;
            case UNDONE -> UNDONE;
            case LEFT, INTERRUPTED, RUNNING -> LEFT;
        };
    }
}
