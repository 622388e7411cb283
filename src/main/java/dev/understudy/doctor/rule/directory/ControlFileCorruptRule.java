package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import java.util.List;
import java.util.Optional;

/** A pg_control that does not match its checksum, or is no pg_control. */
public final class ControlFileCorruptRule implements Rule {
    private static final String ID = "control-file-corrupt";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<String> reason = View.directory(facts)
                .map(found -> found.control().reason())
                .filter(text -> text.contains("control file") || text.contains("control version"));
        Optional<LogEvent> event = View.failedStart(facts, "control-file");
        if (reason.isEmpty() && event.isEmpty()) {
            return List.of();
        }
        return List.of(Finding.error(ID, "standby")
                .seen(reason.map(text -> new Sign("global/pg_control", text)))
                .seen(event.map(each -> View.sign(facts, each)))
                .remedy(Reseed.remedy(facts))
                .says("pg_control is damaged, and a server without it is lost; pg_resetwal would only hide that"));
    }
}
