package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.postgres.ServerVersion;
import java.util.List;
import java.util.Optional;

/**
 * A standby that runs an older minor version than its primary: it may not understand all of its WAL.
 */
public final class MinorVersionBehindRule implements Rule {
    private static final String ID = "minor-version-behind";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<ServerVersion> standby =
                View.standby(facts).map(view -> view.identity().version()).or(() -> programs(facts));
        Optional<ServerVersion> primary =
                View.primary(facts).map(view -> view.identity().version());
        if (standby.isEmpty()
                || primary.isEmpty()
                || !standby.get().major().equals(primary.get().major())
                || standby.get().compareTo(primary.get()) >= 0) {
            return List.of();
        }
        return List.of(Finding.warning(ID, "standby")
                .seen("standby", "PostgreSQL " + standby.get())
                .seen("primary", "PostgreSQL " + primary.get())
                .remedy(Remedy.byHand(
                        "update-standby",
                        "Update the standby's packages first, and restart it; then the primary's",
                        "the package manager of the standby's host",
                        Cost.RESTART))
                .says("The standby runs %s, older than its primary's %s: update standbys first"
                        .formatted(standby.get(), primary.get())));
    }

    private static Optional<ServerVersion> programs(Facts facts) {
        return View.directory(facts)
                .flatMap(found -> found.programs().value())
                .filter(text -> text.matches("\\d+\\.\\d+(\\.\\d+)?( .*)?"))
                .map(text -> text.split(" ", 2)[0].split("\\."))
                .map(parts -> new ServerVersion(
                        parts.length == 3
                                ? Integer.parseInt(parts[0]) * 10_000
                                        + Integer.parseInt(parts[1]) * 100
                                        + Integer.parseInt(parts[2])
                                : Integer.parseInt(parts[0]) * 10_000 + Integer.parseInt(parts[1])));
    }
}
