package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import dev.understudy.postgres.ServerMajor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Server programs of another major than the data directory, or a standby of another major than its primary.
 */
public final class MajorVersionMismatchRule implements Rule {
    private static final String ID = "major-version-mismatch";

    /**
     * Parameters that {@code initdb} sets, by the first major that knows them: programs before that stumble over them
     * before they come to PG_VERSION. Source: {@code setup_config} in {@code initdb.c}.
     */
    private static final Map<String, ServerMajor> SET_BY_INITDB = Map.of("autovacuum_worker_slots", ServerMajor.V18);

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
        Optional<LogEvent> event = View.failedStart(facts, "major-mismatch")
                .or(() -> View.failedStart(facts, "unrecognized-parameter").filter(found -> isOlder(own, found)));
        boolean differs = own.isPresent() && primary.isPresent() && !own.equals(primary);
        if (event.isEmpty() && !differs) {
            return List.of();
        }
        Builder finding = Finding.error(ID, "standby");
        if (differs) {
            finding.remedy(Remedy.byHand(
                    "build-anew",
                    "If the primary was upgraded, build the standby anew with its major's programs",
                    "understudy run standby -e primary=%s -e data_directory=DIRECTORY"
                            .formatted(ShellQuote.quote(facts.given().primaryOrWord())),
                    Cost.FULL_COPY));
        }
        return List.of(
                finding.seen(event.map(each -> View.sign(facts, each)))
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

    /** Whether programs that do not know a parameter are older than the directory, which does. */
    private static boolean isOlder(Optional<ServerMajor> directory, LogEvent unrecognized) {
        ServerMajor since = SET_BY_INITDB.get(unrecognized.value(0));
        return since != null
                && directory.filter(major -> major.isAtLeast(since)).isPresent();
    }
}
