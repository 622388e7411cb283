package dev.understudy.doctor.rule.wal;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.facts.WalTail;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import dev.understudy.pgfile.wal.WalEndReason;
import java.util.List;
import java.util.Optional;

/** WAL of another cluster in a standby's way. */
public final class WalForeignRule implements Rule {
    private static final String ID = "wal-foreign";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<LogEvent> event = View.unresolved(facts, "wal-foreign");
        Optional<WalTail> tail = View.directory(facts)
                .flatMap(found -> found.walEnd().value())
                .filter(found -> found.end().reason() == WalEndReason.FOREIGN_SYSTEM);
        if (event.isEmpty() && tail.isEmpty()) {
            return List.of();
        }
        return List.of(Finding.error(ID, "standby")
                .seen(event.map(found -> View.sign(facts, found)))
                .seen(tail.map(found -> new Sign("WAL", found.end().toString())))
                .remedy(Remedy.byHand(
                        "find-foreign-wal",
                        "Find where the foreign segment comes from: restore_command's archive, or somebody's hand",
                        "understudy inspect wal "
                                + ShellQuote.quote(facts.given().dataDirectoryOrWord() + "/pg_wal"),
                        Cost.MINUTES))
                .says("WAL of another database cluster is where the standby looks for its own"));
    }
}
