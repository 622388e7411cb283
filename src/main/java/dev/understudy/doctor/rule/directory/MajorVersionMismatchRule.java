package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import dev.understudy.postgres.ServerMajor;
import java.util.List;
import java.util.Optional;

/**
 * Server programs of another major than the data directory, or a standby of another major than its primary.
 */
public final class MajorVersionMismatchRule implements Rule {
    private static final String ID = "major-version-mismatch";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<ServerMajor> own = View.directory(facts)
                .flatMap(found -> found.major().value())
                .or(() -> View.standby(facts)
                        .map(view -> view.identity().version().major()));
        Optional<ServerMajor> primary =
                View.primary(facts).map(view -> view.identity().version().major());
        Optional<LogEvent> event = View.failedStart(facts, "major-mismatch");
        boolean differs = own.isPresent() && primary.isPresent() && !own.equals(primary);
        if (event.isEmpty() && !differs) {
            return List.of();
        }
        return List.of(
                Finding.error(ID, "standby")
                        .seen(event.map(each -> View.sign(facts, each)))
                        .seen(own.map(major -> new Sign("PG_VERSION of the standby", major.toString())))
                        .seen(primary.map(major -> new Sign("server_version_num of the primary", major.toString())))
                        .remedy(Remedy.byHand(
                                "use-the-same-major",
                                "Install the programs of the directory's major, and start it with them",
                                "cat " + ShellQuote.quote(facts.given().dataDirectoryOrWord() + "/PG_VERSION"),
                                Cost.RESTART))
                        .says(
                                "The major versions of programs, data directory and primary differ; a standby needs one and the same"));
    }
}
