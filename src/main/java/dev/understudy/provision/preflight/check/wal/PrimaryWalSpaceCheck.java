package dev.understudy.provision.preflight.check.wal;

import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.check.Amount;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.CopyEstimate;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PathFacts;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.facts.SpaceFacts;
import java.util.Optional;

/** A check that the primary's disk has room for the WAL that slot or archive keep there while the copy runs. */
@CheckInfo(id = "primary-wal-space", summary = "The primary has room for the WAL that it keeps while the copy runs")
public final class PrimaryWalSpaceCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        if (facts.intent().slot().isEmpty()) {
            return skipped("the plan makes the primary keep no WAL");
        }
        Optional<CopyEstimate> estimate = CopyEstimate.of(facts);
        Known<PathFacts> wal = facts.primaryFiles().flatMap(files -> files.walDirectory());
        Optional<SpaceFacts> space = wal.value().flatMap(PathFacts::space);
        if (estimate.isEmpty()) {
            return skipped("how much WAL the copy needs is not known");
        }
        long needed = estimate.get().walBytes();
        if (space.isEmpty()) {
            return skipped("the primary's free space cannot be seen from here (%s); about %s are needed"
                    .formatted(wal.isKnown() ? "its file system does not tell" : wal.reason(), Amount.bytes(needed)));
        }
        return judge(space.get(), needed, estimate.get());
    }

    private PreflightResult judge(SpaceFacts space, long needed, CopyEstimate estimate) {
        long free = space.availableBytes();
        String summary = "%s are free for WAL on the primary (\"%s\"), and it may have to keep %s while the copy runs"
                .formatted(Amount.bytes(free), space.mountPoint(), Amount.bytes(needed));
        if (free < needed) {
            return fail("%s", summary)
                    .seen(estimate.basis(), "estimate")
                    .hint("A primary whose pg_wal is full stops. Make room, raise the rate of the copy, or set"
                            + " max_slot_wal_keep_size so that the slot gives way before the disk is full.");
        }
        if (free < 3 * needed) {
            return warn("%s", summary).seen(estimate.basis(), "estimate");
        }
        return pass("%s", summary).seen(estimate.basis(), "estimate");
    }
}
