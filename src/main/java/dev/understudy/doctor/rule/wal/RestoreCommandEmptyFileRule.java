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

/** A restore_command that succeeds and delivers what is no whole segment. */
public final class RestoreCommandEmptyFileRule implements Rule {
    private static final String ID = "restore-command-empty-file";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return View.unresolved(facts, "archive-wrong-size")
                .map(event -> List.of(Finding.error(ID, "standby")
                        .seen(Optional.of(View.sign(facts, event)))
                        .seen(View.setting(facts, "restore_command")
                                .map(command -> new Sign("restore_command", command)))
                        .remedy(Remedy.byHand(
                                "correct-restore-command",
                                "Make the command end with a status other than 0 unless the whole file is there",
                                "test -s SOURCE/%f && cp SOURCE/%f %p",
                                Cost.SECONDS))
                        .says("restore_command delivers %s with %s bytes rather than %s"
                                .formatted(event.value(0), event.value(1), event.value(2)))))
                .orElse(List.of());
    }
}
