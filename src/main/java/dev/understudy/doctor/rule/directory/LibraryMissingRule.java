package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import java.util.List;
import java.util.Optional;

/**
 * A server that did not start since a library of shared_preload_libraries is not installed on its host.
 */
public final class LibraryMissingRule implements Rule {
    private static final String ID = "library-missing";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return View.failedStart(facts, "library-missing")
                .map(event -> List.of(Finding.error(ID, "standby")
                        .seen(Optional.of(View.sign(facts, event)))
                        .remedy(Remedy.byHand(
                                "install-library",
                                "Install the extension's package on this host, or take the name out of"
                                        + " shared_preload_libraries",
                                "grep -rn shared_preload_libraries "
                                        + ShellQuote.quote(facts.given().dataDirectoryOrWord()) + "/*.conf",
                                Cost.RESTART))
                        .says("A library that the configuration names is not installed here: %s"
                                .formatted(event.value(0)))))
                .orElse(List.of());
    }
}
