package dev.understudy.provision;

import dev.understudy.engine.Facts;
import dev.understudy.plan.StepCall;
import dev.understudy.provision.clone.TakeSnapshot;
import dev.understudy.provision.copy.CopyDataDirectory;
import dev.understudy.provision.preflight.check.target.ExistingStandbyCheck;
import dev.understudy.provision.preflight.check.wal.SlotNameCheck;
import dev.understudy.provision.preflight.request.Intent;
import dev.understudy.provision.preflight.request.PreflightRequest;
import dev.understudy.provision.preflight.request.Target;
import dev.understudy.provision.preflight.request.WalWay;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.provision.standby.StartStandby;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Tells the preflight what a plan is about to do. */
record PlannedPreflight(PlannedStandby plan, Site site) {
    /**
     * What to look at.
     *
     * @param facts what the run has done already, when it is resumed
     */
    PreflightRequest request(StepCall preflight, Facts facts) {
        Intent intent = new Intent(
                target(facts),
                plan.route(),
                WalWay.valueOf(plan.walWay().toUpperCase(Locale.ROOT)),
                plan.slot(),
                plan.restoreCommand(),
                plan.workers(),
                plan.rateLimit(),
                plan.settings(),
                plan.volumes());
        return new PreflightRequest(
                site.primary().conninfo(),
                site.primary().host(),
                site.target().host(),
                site.primary().replication(plan.replication(), plan.slot().orElse("understudy")),
                intent,
                skipped(preflight, facts),
                PreflightRequest.DEFAULT_LIMIT);
    }

    private Target target(Facts facts) {
        TargetSite target = site.target();
        return new Target(
                target.dataDirectory(),
                target.walDirectory(),
                target.tablespaces(),
                target.socketDirectory(),
                target.binDirectory(),
                target.port().isPresent() ? Optional.of(target.port().getAsInt()) : Optional.empty(),
                plan.isOntoExisting(),
                CopyDataDirectory.hasClaimed(facts) || TakeSnapshot.hasBegun(facts),
                plan.cluster(target.dataDirectory()));
    }

    /**
     * A slot that the run has made, or taken over, exists and may be in use; reserve-wal tells whose it is. On a standby
     * that the run has re-seeded and started a server runs; start-standby tells whose.
     */
    private Set<String> skipped(StepCall preflight, Facts facts) {
        Set<String> skipped = new HashSet<>(preflight.arguments().names("skip"));
        if (plan.slot().isPresent() && facts.find("slot").equals(plan.slot())) {
            skipped.add(SlotNameCheck.ID);
        }
        if (StartStandby.wasStarted(facts)) {
            skipped.add(ExistingStandbyCheck.ID);
        }
        return skipped;
    }
}
