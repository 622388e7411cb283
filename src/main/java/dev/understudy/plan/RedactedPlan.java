package dev.understudy.plan;

import java.util.List;
import java.util.Map;

/**
 * A plan as it may be written to disk. Reading {@code playbookText} and resolving it with {@code values} gives the same
 * plan but for what was removed.
 *
 * @param playbookText the playbook as read, passwords removed
 * @param values what was given with {@code -e}, passwords removed; a parameter that is secret as a whole is left out
 * @param withheld parameters that lost something: to be given again, unless a passfile has the password
 */
public record RedactedPlan(String playbookText, Map<String, String> values, List<String> withheld) {
    public RedactedPlan {
        values = Map.copyOf(values);
        withheld = List.copyOf(withheld);
    }
}
