package dev.understudy.cli.run;

import dev.understudy.engine.journal.TargetHold;
import dev.understudy.engine.run.RunDefinition;
import java.util.function.Function;

/**
 * A plan with its steps made and its hosts opened.
 *
 * @param definition what the engine runs
 * @param target what the run builds, unique among live runs
 * @param lock locks the target where it lies, for a run of that name, before anything is changed
 * @param resources closed when the run has ended
 */
public record Assembled(
        RunDefinition definition, String target, Function<String, ? extends TargetHold> lock, AutoCloseable resources)
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
