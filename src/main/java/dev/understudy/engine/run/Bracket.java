package dev.understudy.engine.run;

import dev.understudy.error.ErrorCode;
import java.util.Set;

/**
 * Steps that stand or fall together, such as those from start-backup to stop-backup: when what they share is lost, they
 * start over from the first. Resources kept and guards started inside are closed and released first.
 *
 * @param name for the journal
 * @param first name of the first step; what the bracket shares is there once it is verified
 * @param last name of the last step; the first itself or a later one
 * @param lostOn errors, of a step inside or of a guard while one runs, that mean that the bracket is lost
 * @param patience how long and how often
 * @param hint told to people when that was not enough: how to give more
 */
public record Bracket(String name, String first, String last, Set<ErrorCode> lostOn, Patience patience, String hint) {
    public Bracket {
        lostOn = Set.copyOf(lostOn);
    }
}
