package dev.understudy.cli.run;

import dev.understudy.plan.Plan;

/** Makes of a plan what the engine can run. */
public interface Assembler {
    /**
     * Opens what the plan's steps work on.
     *
     * @throws dev.understudy.error.UnderstudyException if a host or a step of the plan cannot be had
     */
    Assembled assemble(Plan plan);
}
