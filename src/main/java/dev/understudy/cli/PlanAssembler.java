package dev.understudy.cli;

import dev.understudy.cli.run.Assembled;
import dev.understudy.cli.run.Assembler;
import dev.understudy.doctor.remedy.ReceiverRepair;
import dev.understudy.doctor.remedy.StandbyRepair;
import dev.understudy.host.open.Hosts;
import dev.understudy.plan.Plan;
import dev.understudy.provision.Provisioning;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.site.SiteOpener;

/** Puts together what a plan needs: hosts, steps and the name of what is built. */
final class PlanAssembler implements Assembler {
    @Override
    public Assembled assemble(Plan plan) {
        if (plan.findStandby().isEmpty()) {
            ReceiverRepair repair = ReceiverRepair.open(plan, Hosts::open);
            return new Assembled(repair.definition(), repair.target(), repair);
        }
        Site site = new SiteOpener(Hosts::open).open(plan);
        try {
            return new Assembled(
                    Provisioning.assemble(plan, site, StandbyRepair.steps(site)),
                    site.target().display(),
                    site);
        } catch (RuntimeException e) {
            site.close();
            throw e;
        }
    }
}
