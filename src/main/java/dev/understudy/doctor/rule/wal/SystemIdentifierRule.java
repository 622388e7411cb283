package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.postgres.SystemIdentifier;
import java.util.List;
import java.util.Optional;

/** A standby of another cluster than the primary. */
public final class SystemIdentifierRule implements Rule {
    private static final String ID = "system-identifier-mismatch";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<SystemIdentifier> own = View.directory(facts)
                .flatMap(found -> found.control().value())
                .map(ControlFile::systemIdentifier)
                .or(() -> View.standby(facts).map(view -> view.identity().systemIdentifier()));
        Optional<SystemIdentifier> primary =
                View.primary(facts).map(view -> view.identity().systemIdentifier());
        boolean differs = own.isPresent() && primary.isPresent() && !own.equals(primary);
        Optional<LogEvent> event = View.unresolved(facts, "system-identifier");
        if (!differs && event.isEmpty()) {
            return List.of();
        }
        return List.of(Finding.error(ID, "standby")
                .seen(own.map(number -> new Sign("system identifier of the standby", number.toString())))
                .seen(primary.map(number -> new Sign("system identifier of the primary", number.toString())))
                .seen(event.map(found -> View.sign(facts, found)))
                .remedy(Remedy.byHand(
                        "name-the-right-primary",
                        "If it follows the wrong server, correct primary_conninfo",
                        "SELECT system_identifier FROM pg_control_system();  -- on each",
                        Cost.SECONDS))
                .remedy(Reseed.remedy(facts).losingData())
                .says("The standby is no copy of this primary: their system identifiers differ"));
    }
}
