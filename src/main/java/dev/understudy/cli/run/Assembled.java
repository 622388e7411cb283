package dev.understudy.cli.run;

import dev.understudy.engine.run.RunDefinition;
import java.util.List;
import java.util.function.Supplier;

/**
 * A plan with its steps made and its hosts opened.
 *
 * @param definition what the engine runs
 * @param target what the run builds, unique among live runs
 * @param checks looks at all that would make a later step fail, and changes nothing
 * @param resources closed when the run has ended
 */
public record Assembled(
        RunDefinition definition, String target, Supplier<List<PlanCheck>> checks, AutoCloseable resources)
        implements AutoCloseable {
    @Override
    public void close() {
        try {
            resources.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("could not close what a run worked on", e);
        }
    }
}
