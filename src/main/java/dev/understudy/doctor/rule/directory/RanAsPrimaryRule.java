package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.ServerProcess;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A server that is taken for a standby and is none: it is, or was, open for writes. */
public final class RanAsPrimaryRule implements Rule {
    private static final String ID = "ran-as-primary";

    /** postmaster.pid has seconds, and is written a moment before the time that SQL tells. */
    private static final Duration SAME_START = Duration.ofSeconds(3);

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
        if (isThePrimary(facts)) {
            return List.of(theSameTwice(facts));
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

    /** Whether what was given as the standby and as the primary is one server, by when it was started. */
    private static boolean isThePrimary(Facts facts) {
        Optional<Instant> started =
                View.primary(facts).map(view -> view.identity().startedAt());
        boolean byConnection = started.isPresent()
                && View.standby(facts).map(view -> view.identity().startedAt()).equals(started);
        boolean byDirectory = View.directory(facts)
                .filter(found -> View.primary(facts)
                        .flatMap(view -> view.setting("data_directory"))
                        .filter(found.path()::equals)
                        .isPresent())
                .flatMap(found -> found.process().value())
                .flatMap(found -> found)
                .flatMap(ServerProcess::startedAt)
                .flatMap(file -> started.map(moment -> Duration.between(file, moment)))
                .filter(between -> between.abs().compareTo(SAME_START) <= 0)
                .isPresent();
        return byConnection || byDirectory;
    }

    /** To seed it anew from itself is no way out. */
    private static Finding theSameTwice(Facts facts) {
        return Finding.error(ID, "standby")
                .seen(
                        "primary",
                        "started at %s, as the server that was given as the standby"
                                .formatted(View.primary(facts)
                                        .orElseThrow()
                                        .identity()
                                        .startedAt()))
                .remedy(Remedy.byHand(
                        "name-the-standby",
                        "Name the standby's own directory and connection",
                        "understudy doctor -D DATADIR --standby CONNINFO --primary CONNINFO",
                        Cost.NOTHING))
                .says("This is the primary itself, given as its own standby");
    }
}
