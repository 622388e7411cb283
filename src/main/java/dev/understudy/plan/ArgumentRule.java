package dev.understudy.plan;

import java.util.List;

/**
 * A rule about a step's arguments: if one has a certain value, another must be given.
 *
 * @param kind the kind of step
 * @param argument the one whose value matters
 * @param value that value, as written
 * @param needed the one that must be given then
 */
public record ArgumentRule(String kind, String argument, String value, String needed) {
    private static final List<ArgumentRule> ALL =
            List.of(new ArgumentRule(StepKinds.RESERVE_WAL, "wal", "archive", "restore_command"));

    public static List<ArgumentRule> all() {
        return ALL;
    }

    boolean isBrokenBy(StepKind step, Arguments arguments) {
        return step.name().equals(kind)
                && arguments.findText(argument).filter(value::equals).isPresent()
                && !arguments.has(needed);
    }

    String message() {
        return argument + ": " + value + " without " + needed + ", expected " + needed + " to be given";
    }
}
