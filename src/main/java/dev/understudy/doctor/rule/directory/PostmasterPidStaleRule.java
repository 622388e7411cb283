package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.ServerProcess;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import java.util.List;
import java.util.Optional;

/**
 * A postmaster.pid that names a living process which is not this server: it keeps the server from starting.
 */
public final class PostmasterPidStaleRule implements Rule {
    private static final String ID = "postmaster-pid-stale";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<ServerProcess> process = View.directory(facts)
                .flatMap(found -> found.process().value())
                .flatMap(found -> found)
                .filter(found -> found.alive() && !found.ours());
        if (process.isEmpty()) {
            return List.of();
        }
        String file = facts.given().dataDirectoryOrWord() + "/postmaster.pid";
        return List.of(Finding.error(ID, "standby")
                .seen(file, "names process " + process.get().pid())
                .seen(
                        "process " + process.get().pid(),
                        process.get().command().isEmpty()
                                ? "does not work in this data directory"
                                : "is not this server: " + process.get().command())
                .seen(View.event(facts, "pid-file").map(event -> View.sign(facts, event)))
                .remedy(Remedy.byHand(
                        "set-pid-file-aside",
                        "Make sure that no server works in the directory, rename the file, and start the server",
                        "mv -n %1$s %1$s.stale".formatted(ShellQuote.quote(file)),
                        Cost.SECONDS))
                .says("postmaster.pid names a living process that is not this server, so the server does not start"));
    }
}
