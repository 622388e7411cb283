package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import dev.understudy.postgres.ServerMajor;
import java.util.List;

/** A recovery.conf where the server has not read it since 12: it refuses to start. */
public final class RecoveryConfRule implements Rule {
    private static final String ID = "recovery-conf-on-12";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return View.directory(facts)
                .filter(found -> found.has(DirectoryFacts.RECOVERY_CONF))
                .filter(found -> found.major()
                        .value()
                        .filter(major -> major.isAtLeast(ServerMajor.V12))
                        .isPresent())
                .map(found -> List.of(Finding.error(ID, "standby")
                        .seen(found.path(), "recovery.conf is there, and PG_VERSION is " + found.major())
                        .seen(View.event(facts, "recovery-conf").map(event -> View.sign(facts, event)))
                        .remedy(Remedy.byHand(
                                "convert-recovery-conf",
                                "Append its settings but standby_mode to postgresql.auto.conf, rename it, and make"
                                        + " standby.signal",
                                "d=%s; grep -v standby_mode \"$d\"/recovery.conf >> \"$d\"/postgresql.auto.conf &&"
                                                .formatted(ShellQuote.quote(found.path()))
                                        + " mv -n \"$d\"/recovery.conf \"$d\"/recovery.conf.converted && touch"
                                        + " \"$d\"/standby.signal",
                                Cost.RESTART))
                        .says("PostgreSQL %s does not read recovery.conf, and does not start where there is one"
                                .formatted(found.major()))))
                .orElse(List.of());
    }
}
