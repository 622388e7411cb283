package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import java.util.List;
import java.util.Optional;

/**
 * A server that did not start since processes of its last run are still there, or the kernel gives no shared
 * memory.
 */
public final class SharedMemoryConflictRule implements Rule {
    private static final String ID = "shared-memory-conflict";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        return View.failedStart(facts, "shared-memory")
                .map(event -> List.of(Finding.error(ID, "standby")
                        .seen(Optional.of(View.sign(facts, event)))
                        .remedy(Remedy.byHand(
                                "end-left-processes",
                                "End the processes of the server's last run, which still hold it, then start the server",
                                "ps -o pid,args -C postgres; ipcs -m",
                                Cost.RESTART))
                        .says("The server does not get its shared memory: %s".formatted(event.text()))))
                .orElse(List.of());
    }
}
