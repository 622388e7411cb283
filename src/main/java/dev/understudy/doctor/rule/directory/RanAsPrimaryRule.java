package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.pgfile.control.ClusterState;
import dev.understudy.pgfile.control.ControlFile;
import java.util.List;
import java.util.Optional;

/** A server that is taken for a standby and is none: it is, or was, open for writes. */
public final class RanAsPrimaryRule implements Rule {
    private static final String ID = "ran-as-primary";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<ServerView> standby =
                View.standby(facts).filter(view -> !view.identity().inRecovery());
        Optional<ControlFile> control = View.directory(facts)
                .filter(found -> found.isRunning().orElse(false))
                .flatMap(found -> found.control().value())
                .filter(found -> found.state() == ClusterState.IN_PRODUCTION);
        if (standby.isEmpty() && control.isEmpty()) {
            return List.of();
        }
        Optional<ServerView> primary =
                View.primary(facts).filter(view -> !view.identity().inRecovery());
        Builder finding = Finding.error(ID, "standby");
        standby.ifPresent(view -> finding.seen(
                "pg_is_in_recovery() on the standby",
                "false, on timeline " + view.identity().timeline()));
        control.ifPresent(found -> finding.seen(
                "pg_control",
                "state \"%s\" while its server runs, timeline %s"
                        .formatted(found.state().words(), found.timeline())));
        primary.ifPresent(view -> finding.seen(
                "primary",
                "also open for writes, on timeline %s, system identifier %s"
                        .formatted(view.identity().timeline(), view.identity().systemIdentifier())));
        return List.of(finding.remedy(Remedy.byHand(
                        "decide-which-is-primary",
                        "Decide which of the two is the primary before anything is written to the other; this one's own"
                                + " writes are lost when it is made a standby again",
                        "SELECT pg_is_in_recovery(), pg_current_wal_lsn();  -- on both",
                        Cost.NOTHING))
                .remedy(Reseed.remedy(facts).losingData())
                .says("This server is open for writes: it is no standby"));
    }
}
