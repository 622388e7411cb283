package dev.understudy.cli;

import dev.understudy.cli.run.Assembled;
import dev.understudy.cli.run.Assembler;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.plan.Plan;

/** Puts together what a plan needs: the only place that names adapters. */
final class PlanAssembler implements Assembler {
    @Override
    public Assembled assemble(Plan plan) {
        throw UnderstudyException.of(ErrorCode.DEFECT, "no step of plan \"%s\" is built in", plan.name())
                .build();
    }
}
