package dev.understudy.cli;

import dev.understudy.cli.run.Assembled;
import dev.understudy.cli.run.Assembler;
import dev.understudy.doctor.remedy.ReceiverRepair;
import dev.understudy.doctor.remedy.StandbyRepair;
import dev.understudy.engine.Step;
import dev.understudy.engine.journal.TargetHold;
import dev.understudy.host.open.Hosts;
import dev.understudy.plan.Plan;
import dev.understudy.plan.StepCall;
import dev.understudy.promotion.rank.PromotionRun;
import dev.understudy.promotion.rehearse.RehearsalSteps;
import dev.understudy.provision.Provisioning;
import dev.understudy.provision.lock.TargetLock;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.site.SiteOpener;
import dev.understudy.provision.site.TargetSite;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Puts together what a plan needs: hosts, steps and the name of what is built. */
final class PlanAssembler implements Assembler {
    @Override
    public Assembled assemble(Plan plan) {
        if (PromotionRun.isOne(plan)) {
            return new Assembled(
                    PromotionRun.definition(plan, Hosts::open), "the standbys", run -> TargetHold.NONE, () -> {});
        }
        if (plan.findStandby().isEmpty()) {
            ReceiverRepair repair = ReceiverRepair.open(plan, Hosts::open);
            return new Assembled(repair.definition(), repair.target(), repair::lock, repair);
        }
        Site site = new SiteOpener(Hosts::open).open(plan);
        try {
            TargetSite target = site.target();
            return new Assembled(
                    Provisioning.assemble(plan, site, steps(site)),
                    target.display(),
                    run -> TargetLock.takeIfThere(target.host(), target.dataDirectory(), target.display(), run),
                    site);
        } catch (RuntimeException e) {
            site.close();
            throw e;
        }
    }

    /** The steps that other rooms than the building of standbys have. */
    private static Map<String, Function<StepCall, Step>> steps(Site site) {
        Map<String, Function<StepCall, Step>> steps = new HashMap<>(StandbyRepair.steps(site));
        steps.putAll(RehearsalSteps.steps(site));
        return steps;
    }
}
