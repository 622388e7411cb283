package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.facts.ServerView;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.postgres.Lsn;
import dev.understudy.server.facts.WalPositions;
import java.util.List;
import java.util.Optional;

/** A standby that has more WAL than its primary. */
public final class StandbyAheadRule implements Rule {
    private static final String ID = "standby-ahead-of-primary";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<LogEvent> event = View.unresolved(facts, "ahead-of-flush");
        Optional<ServerView> primary =
                View.primary(facts).filter(view -> !view.identity().inRecovery());
        Optional<Lsn> own = View.standby(facts)
                .filter(view -> view.identity().inRecovery())
                .flatMap(view -> view.positions().value())
                .flatMap(WalPositions::replayed)
                // A running server's pg_control is read after the primary was asked, and may have gone on by then.
                .or(() -> View.directory(facts)
                        .filter(found ->
                                found.isRunning().map(running -> !running).orElse(false))
                        .flatMap(found -> found.control().value())
                        .map(ControlFile::minRecoveryPoint));
        boolean sameSystem = primary.isPresent()
                && View.systemIdentifier(facts)
                        .filter(primary.get().identity().systemIdentifier()::equals)
                        .isPresent();
        // The standby was asked first: a primary that is behind it was behind it then, too.
        boolean ahead = sameSystem
                && own.isPresent()
                && isOnItsTimeline(facts, primary.get())
                && primary.get().end().filter(end -> end.isBefore(own.get())).isPresent();
        if (event.isEmpty() && !ahead) {
            return List.of();
        }
        return List.of(Finding.error(ID, "standby")
                .seen(event.map(found -> View.sign(facts, found)))
                .seen(own.map(lsn -> new Sign("standby", "has replayed to " + lsn)))
                .seen(primary.flatMap(ServerView::end).map(lsn -> new Sign("primary", "its WAL ends at " + lsn)))
                .remedy(Remedy.byHand(
                        "find-the-real-primary",
                        "See whether this primary was restored or reset, and whether another one is the real one",
                        "SELECT pg_current_wal_lsn(), timeline_id FROM pg_control_checkpoint();",
                        Cost.NOTHING))
                .remedy(Reseed.remedy(facts).losingData())
                .says("The standby has more WAL than its primary"));
    }

    /** Locations of two timelines cannot be compared; a standby that is on another one has diverged, if anything. */
    private static boolean isOnItsTimeline(Facts facts, ServerView primary) {
        return View.standby(facts)
                .map(view -> view.identity().timeline())
                .or(() -> View.directory(facts)
                        .flatMap(found -> found.control().value())
                        .map(ControlFile::timeline))
                .filter(primary.identity().timeline()::equals)
                .isPresent();
    }
}
