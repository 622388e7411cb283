package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.facts.LogFacts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import java.util.List;
import java.util.Optional;

/**
 * A restore_command that reports success for files that no archive has: the standby climbs through timelines that
 * do not exist.
 */
public final class RestoreCommandSucceedsRule implements Rule {
    private static final String ID = "restore-command-always-succeeds";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<LogFacts> log = facts.log().value();
        List<LogEvent> histories = log.map(LogFacts::sinceStart).orElse(List.of()).stream()
                .filter(event -> event.id().equals("restored") && event.value(0).endsWith(".history"))
                .toList();
        if (histories.size() < MANY) {
            return List.of();
        }
        LogEvent last = histories.get(histories.size() - 1);
        return List.of(Finding.error(ID, "standby")
                .seen(Optional.of(View.sign(facts, last)))
                .seen(
                        log.get().files().get(0),
                        "%d timeline history files were \"restored\"".formatted(histories.size()))
                .seen(View.setting(facts, "restore_command").map(command -> new Sign("restore_command", command)))
                .remedy(Remedy.byHand(
                        "correct-restore-command",
                        "Make the command end with a status other than 0 where the file is not there",
                        "cp SOURCE/%f %p",
                        Cost.SECONDS))
                .says("restore_command reports success for files that cannot exist"));
    }

    private static final int MANY = 5;
}
