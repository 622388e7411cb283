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

/** A server that did not start since something listens on its port. */
public final class PortInUseRule implements Rule {
    private static final String ID = "port-in-use";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return View.failedStart(facts, "port-in-use")
                .map(event -> List.of(Finding.error(ID, "standby")
                        .seen(Optional.of(View.sign(facts, event)))
                        .remedy(Remedy.byHand(
                                "free-the-port",
                                "Find what listens there, or give this server another port",
                                "ss -ltnp; or: echo \"port = 5433\" >> "
                                        + ShellQuote.quote(
                                                facts.given().dataDirectoryOrWord() + "/postgresql.auto.conf"),
                                Cost.RESTART))
                        .says("Something else listens on the port of the standby's server")))
                .orElse(List.of());
    }
}
