package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.facts.LogFacts;
import dev.understudy.doctor.facts.ServerProcess;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import java.util.List;
import java.util.Optional;

/** A standby whose server does not run. */
public final class NotStartedRule implements Rule {
    private static final String ID = "not-started";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<DirectoryFacts> directory = View.directory(facts);
        if (directory.isEmpty()
                || !directory.get().isRunning().map(running -> !running).orElse(false)) {
            return List.of();
        }
        Optional<ServerProcess> process = directory.get().process().value().flatMap(found -> found);
        Builder finding = Finding.error(ID, "standby")
                .seen(
                        directory.get().path() + "/postmaster.pid",
                        process.map(found -> "names process %d, which is not this server".formatted(found.pid()))
                                .orElse("is not there"))
                .seen(facts.log().value().flatMap(NotStartedRule::lastWord).map(event -> View.sign(facts, event)));
        directory
                .get()
                .control()
                .value()
                .ifPresent(control -> finding.seen(
                        "pg_control", "state \"%s\"".formatted(control.state().words())));
        return List.of(finding.remedy(Remedy.byHand(
                        "start",
                        "Start it as it is always started",
                        "pg_ctl -D %s start"
                                .formatted(ShellQuote.quote(facts.given().dataDirectoryOrWord())),
                        Cost.SECONDS))
                .says("The standby's server does not run"));
    }

    private static Optional<LogEvent> lastWord(LogFacts log) {
        return log.events().stream()
                .filter(event -> event.severity().equals("FATAL")
                        || event.severity().equals("PANIC")
                        || event.id().equals("ended")
                        || event.id().equals("shutdown"))
                .reduce((earlier, later) -> later);
    }
}
