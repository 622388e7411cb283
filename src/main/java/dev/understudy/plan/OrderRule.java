package dev.understudy.plan;

import java.util.List;
import java.util.Set;

/**
 * A rule about where a step may stand.
 *
 * @param shape what the rule says of {@code kind} and {@code others}
 * @param kind the step that is at fault if the rule is broken
 * @param others the kinds that it is about; any of them will do
 * @param message what is wrong, then what was expected, after a comma
 */
public record OrderRule(Shape shape, String kind, Set<String> others, String message) {
    /** What a rule says. */
    public enum Shape {
        /** {@code kind} is the first step, but for {@code others}. */
        FIRST,
        /** {@code kind} stands at most once. */
        ONCE,
        /** One of {@code others} stands somewhere before {@code kind}. */
        AFTER_ONE_OF,
        /** One of {@code others} stands somewhere behind {@code kind}. */
        BEFORE_ONE_OF,
        /** None of {@code others} stands before {@code kind}. */
        NOT_AFTER,
        /** {@code kind} and {@code others} do not stand in one plan. */
        NOT_WITH,
        /** One of {@code others} stands between {@code kind} and the start-backup before it. */
        SOMETHING_SINCE_START
    }

    public OrderRule {
        others = Set.copyOf(others);
    }

    static OrderRule rule(Shape shape, String kind, Set<String> others, String message) {
        return new OrderRule(shape, kind, others, message);
    }

    static OrderRule once(String kind) {
        return rule(Shape.ONCE, kind, Set.of(), "a second " + kind + ", expected one");
    }

    /** True if the step at {@code index}, of this rule's kind, breaks it. */
    boolean isBrokenBy(int index, List<String> kinds) {
        List<String> before = kinds.subList(0, index);
        List<String> behind = kinds.subList(index + 1, kinds.size());
        return switch (shape) {
            case FIRST -> !before.contains(kind) && !others.containsAll(before);
            case ONCE -> before.contains(kind);
            case AFTER_ONE_OF -> before.stream().noneMatch(others::contains);
            case BEFORE_ONE_OF -> behind.stream().noneMatch(others::contains);
            case NOT_AFTER -> before.stream().anyMatch(others::contains);
            case NOT_WITH -> kinds.stream().anyMatch(others::contains);
            case SOMETHING_SINCE_START -> isEmptySinceStart(before);
        };
    }

    private boolean isEmptySinceStart(List<String> before) {
        int start = before.lastIndexOf(StepKinds.START_BACKUP);
        return start >= 0 && before.subList(start, before.size()).stream().noneMatch(others::contains);
    }
}
