package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import java.util.List;
import java.util.Optional;

/** A restore_command that cannot be run. */
public final class RestoreCommandFailingRule implements Rule {
    private static final String ID = "restore-command-failing";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return View.unresolved(facts, "restore-failed")
                .map(event -> List.of(Finding.error(ID, "standby")
                        .seen(Optional.of(View.sign(facts, event)))
                        .seen(View.setting(facts, "restore_command")
                                .map(command -> new Sign("restore_command", command)))
                        .remedy(Remedy.byHand(
                                "run-restore-command",
                                "Run the command by hand as the standby's account; a status above 125 stops the server",
                                "restore_command with %f = " + event.value(0) + " and %p = /tmp/segment",
                                Cost.MINUTES))
                        .says("restore_command fails: %s".formatted(event.text()))))
                .orElse(List.of());
    }
}
