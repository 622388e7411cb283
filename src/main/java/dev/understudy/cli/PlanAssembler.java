package dev.understudy.cli;

import dev.understudy.cli.run.Assembled;
import dev.understudy.cli.run.Assembler;
import dev.understudy.doctor.remedy.ReceiverRepair;
import dev.understudy.doctor.remedy.StandbyRepair;
import dev.understudy.host.open.Hosts;
import dev.understudy.plan.Plan;
import dev.understudy.provision.Provisioning;
import dev.understudy.provision.lock.TargetLock;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.site.SiteOpener;
import dev.understudy.provision.site.TargetSite;

/** Puts together what a plan needs: hosts, steps and the name of what is built. */
final class PlanAssembler implements Assembler {
    @Override
    public Assembled assemble(Plan plan) {
        if (plan.findStandby().isEmpty()) {
            ReceiverRepair repair = ReceiverRepair.open(plan, Hosts::open);
            return new Assembled(repair.definition(), repair.target(), repair::lock, repair);
        }
        Site site = new SiteOpener(Hosts::open).open(plan);
        try {
            TargetSite target = site.target();
            return new Assembled(
                    Provisioning.assemble(plan, site, StandbyRepair.steps(site)),
                    target.display(),
                    run -> TargetLock.takeIfThere(target.host(), target.dataDirectory(), target.display(), run),
                    site);
        } catch (RuntimeException e) {
            site.close();
            throw e;
        }
    }
}
