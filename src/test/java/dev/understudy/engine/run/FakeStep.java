package dev.understudy.engine.run;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** A step whose goal is a name in a list; every verb can be replaced. */
final class FakeStep implements Step {
    private final String name;
    private final List<String> world;
    private Function<StepContext, Probe> probe = this::lookFor;
    private Consumer<StepContext> action = context -> {};
    private Consumer<StepContext> undoing = context -> {};
    private Function<StepContext, Verdict> verdict = this::see;

    /** @param world where what was made stands, in the order of its making */
    FakeStep(String name, List<String> world) {
        this.name = name;
        this.world = world;
    }

    FakeStep probing(Function<StepContext, Probe> replacement) {
        probe = replacement;
        return this;
    }

    /** Before it makes its thing. */
    FakeStep applying(Consumer<StepContext> before) {
        action = before;
        return this;
    }

    FakeStep verifying(Function<StepContext, Verdict> replacement) {
        verdict = replacement;
        return this;
    }

    /** Before it takes its thing away. */
    FakeStep undoing(Consumer<StepContext> before) {
        undoing = before;
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Probe probe(StepContext context) {
        return probe.apply(context);
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        action.accept(context);
        world.add(name);
        return List.of(context.evidence("made " + name, "the world"));
    }

    @Override
    public Verdict verify(StepContext context) {
        return verdict.apply(context);
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        undoing.accept(context);
        return world.remove(name) ? List.of(context.evidence("took back " + name, "the world")) : List.of();
    }

    private Probe lookFor(StepContext context) {
        return world.contains(name)
                ? new Probe.Satisfied(List.of(context.evidence(name + " is there", "the world")))
                : new Probe.Pending("make " + name);
    }

    private Verdict see(StepContext context) {
        return new Verdict.Verified(List.of(context.evidence(name + " stands", "the world")));
    }
}
