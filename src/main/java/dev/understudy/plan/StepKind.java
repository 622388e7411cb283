package dev.understudy.plan;

import java.util.List;
import java.util.Set;

/**
 * A kind of step, as the playbook language has it.
 *
 * @param name as written in a playbook
 * @param summary one sentence
 * @param sections what of the playbook it cannot do without
 * @param parameters what it can be told, in the order of the reference page
 */
public record StepKind(String name, String summary, Set<Section> sections, List<Parameter> parameters) {
    public StepKind {
        sections = Set.copyOf(sections);
        parameters = List.copyOf(parameters);
    }
}
