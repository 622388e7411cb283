package dev.understudy.doctor.rule.configuration;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.facts.WalPositions;
import java.util.List;

/** A standby on which somebody has paused replay. */
public final class ReplayPausedRule implements Rule {
    private static final String ID = "replay-paused";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return View.standby(facts)
                .filter(view -> view.positions()
                        .value()
                        .filter(WalPositions::replayPaused)
                        .isPresent())
                .map(view -> List.of(Finding.warning(ID, "standby")
                        .seen("pg_is_wal_replay_paused() on the standby", "true")
                        .seen(view.positions()
                                .value()
                                .flatMap(WalPositions::replayed)
                                .map(lsn -> new Sign("pg_last_wal_replay_lsn() on the standby", lsn.toString())))
                        .remedy(Remedy.byHand(
                                "resume-replay",
                                "Let it go on; not where a recovery target was reached, since that may promote it",
                                "SELECT %s();"
                                        .formatted(
                                                view.identity()
                                                                .version()
                                                                .major()
                                                                .isAtLeast(ServerMajor.V10)
                                                        ? "pg_wal_replay_resume"
                                                        : "pg_xlog_replay_resume"),
                                Cost.SECONDS))
                        .says("Replay is paused on the standby")))
                .orElse(List.of());
    }
}
