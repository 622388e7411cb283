package dev.understudy.engine.run;

import dev.understudy.engine.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the engine takes to its end.
 *
 * @param steps in order; names unique
 * @param brackets stretches of steps that start over together; one may lie within another, otherwise they do not overlap
 * @param retries by step name; a step without one is not retried
 */
public record RunDefinition(List<Step> steps, List<Bracket> brackets, Map<String, RetryPolicy> retries) {
    public RunDefinition {
        steps = List.copyOf(steps);
        brackets = List.copyOf(brackets);
        retries = Map.copyOf(retries);
        check(steps.stream().map(Step::name).toList(), brackets);
    }

    /** Steps without brackets or retries. */
    public static RunDefinition of(List<? extends Step> steps) {
        return new RunDefinition(List.copyOf(steps), List.of(), Map.of());
    }

    public List<String> names() {
        return steps.stream().map(Step::name).toList();
    }

    RetryPolicy retry(String step) {
        return retries.getOrDefault(step, RetryPolicy.NEVER);
    }

    /** The innermost. */
    Optional<Bracket> findBracket(int step) {
        return bracketsAround(step).stream().findFirst();
    }

    /** Those that the step is in, the innermost first. */
    List<Bracket> bracketsAround(int step) {
        return brackets.stream()
                .filter(bracket -> indexOf(bracket.first()) <= step && step <= indexOf(bracket.last()))
                .sorted(Comparator.comparingInt(bracket -> namesIn(bracket).size()))
                .toList();
    }

    /** The bracket itself and those that lie in it. */
    List<Bracket> bracketsWithin(Bracket outer) {
        return brackets.stream()
                .filter(bracket -> namesIn(outer).containsAll(namesIn(bracket)))
                .toList();
    }

    int indexOf(String step) {
        return names().indexOf(step);
    }

    List<String> namesIn(Bracket bracket) {
        return names().subList(indexOf(bracket.first()), indexOf(bracket.last()) + 1);
    }

    private static void check(List<String> names, List<Bracket> brackets) {
        if (new HashSet<>(names).size() != names.size()) {
            throw new IllegalArgumentException("step names are not unique: " + names);
        }
        List<Set<String>> stretches = new ArrayList<>();
        for (Bracket bracket : brackets) {
            int first = names.indexOf(bracket.first());
            int last = names.indexOf(bracket.last());
            if (first < 0 || last < first) {
                throw new IllegalArgumentException("bracket " + bracket.name() + " does not fit the steps " + names);
            }
            Set<String> stretch = Set.copyOf(names.subList(first, last + 1));
            for (Set<String> other : stretches) {
                boolean within =
                        stretch.size() != other.size() && (stretch.containsAll(other) || other.containsAll(stretch));
                if (!within && !Collections.disjoint(stretch, other)) {
                    throw new IllegalArgumentException("bracket " + bracket.name() + " overlaps another");
                }
            }
            stretches.add(stretch);
        }
    }
}
