package dev.understudy.provision.sabotage;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.engine.run.RunDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A step with somebody beside it who tampers at given moments, each time once in a run. */
final class Saboteur implements Step {
    private final Step step;
    private final List<Sabotage.Hit> hits;
    private final Scene scene;

    private Saboteur(Step step, List<Sabotage.Hit> hits, Scene scene) {
        this.step = step;
        this.hits = new ArrayList<>(hits);
        this.scene = scene;
    }

    /** The same run with all the row's hits in it. */
    static RunDefinition beside(RunDefinition run, Sabotage row, Scene scene) {
        List<Step> steps = new ArrayList<>();
        for (Step step : run.steps()) {
            List<Sabotage.Hit> hits = row.hits().stream()
                    .filter(hit -> hit.step().equals(step.name()))
                    .toList();
            steps.add(hits.isEmpty() ? step : new Saboteur(step, hits, scene));
        }
        row.hits().forEach(hit -> {
            if (!run.names().contains(hit.step())) {
                throw new IllegalArgumentException("no step " + hit.step() + " in " + run.names());
            }
        });
        return new RunDefinition(steps, run.brackets(), run.retries());
    }

    private void hit(Sabotage.When when, StepContext context) {
        List<Sabotage.Hit> due = hits.stream().filter(hit -> hit.when() == when).toList();
        hits.removeAll(due);
        scene.enter(context);
        for (Sabotage.Hit hit : due) {
            try {
                hit.tampering().on(scene);
                scene.noteHit();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public String name() {
        return step.name();
    }

    @Override
    public Probe probe(StepContext context) {
        return step.probe(context);
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        hit(Sabotage.When.BEFORE, context);
        List<Evidence> evidence = step.apply(context);
        hit(Sabotage.When.APPLIED, context);
        return evidence;
    }

    @Override
    public Verdict verify(StepContext context) {
        Verdict verdict = step.verify(context);
        verdict.match(
                verified -> {
                    hit(Sabotage.When.AFTER, context);
                    return true;
                },
                refuted -> false);
        return verdict;
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        return step.undo(context);
    }
}
