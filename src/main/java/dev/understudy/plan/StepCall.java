package dev.understudy.plan;

/**
 * A step as a plan has it.
 *
 * @param name unique in the plan: the kind's, and from the second one of a kind on {@code run-2}
 * @param arguments what it was told, defaults filled in
 * @param position where it stands in the playbook
 */
public record StepCall(StepKind kind, String name, Arguments arguments, SourcePosition position) {}
