package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import java.util.List;

/** Both signal files in one directory: standby.signal wins, and the other is left over for later. */
public final class SignalFilesConflictRule implements Rule {
    private static final String ID = "signal-files-conflict";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return View.directory(facts)
                .filter(found -> found.has(DirectoryFacts.STANDBY_SIGNAL) && found.has(DirectoryFacts.RECOVERY_SIGNAL))
                .map(found -> List.of(Finding.warning(ID, "standby")
                        .seen(found.path(), "standby.signal and recovery.signal are both there")
                        .remedy(Remedy.byHand(
                                "set-recovery-signal-aside",
                                "Rename the one that does not belong there; a promotion up to 18 would leave it behind",
                                "mv -n %1$s/recovery.signal %1$s/recovery.signal.unwanted"
                                        .formatted(ShellQuote.quote(found.path())),
                                Cost.SECONDS))
                        .says("Both signal files are there: the server follows, and recovery.signal is left over")))
                .orElse(List.of());
    }
}
