package dev.understudy.provision.backup;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.site.ServerPaths;
import dev.understudy.provision.site.Site;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.facts.WalPositions;
import dev.understudy.server.slots.ReplicationSlot;
import dev.understudy.server.slots.Slots;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Watches the slot while the standby does not use it yet: that it is there and valid, and that what it keeps does not
 * fill the primary's disk. A slot that the run made is dropped on the spot then, before the copy is taken back, which may
 * take its time: a primary whose WAL file system is full stops.
 */
final class SlotWatch implements Runnable {
    private final Site site;
    private final String slot;
    private final SlotLimits limits;
    private final StepContext context;
    private Optional<String> walDirectory = Optional.empty();
    private boolean primaryAway;

    SlotWatch(Site site, String slot, SlotLimits limits, StepContext context) {
        this.site = site;
        this.slot = slot;
        this.limits = limits;
        this.context = context;
    }

    @Override
    public void run() {
        try (Session session = site.primary().open()) {
            primaryAway = false;
            ReplicationSlot found = new Slots(session).find(slot).orElseThrow(() -> SlotState.dropped(slot));
            SlotState.requireUsable(found);
            checkKept(session, found);
            checkFree(session);
        } catch (UnderstudyException e) {
            if (isVerdictOnTheSlot(e)) {
                throw e;
            }
            // Whether the primary is away for long is the backup session's to say; the slot itself survives a restart.
            if (!primaryAway) {
                context.warn("cannot look at slot \"" + slot + "\" at present: " + e.message());
            }
            primaryAway = true;
        }
    }

    private static boolean isVerdictOnTheSlot(UnderstudyException e) {
        return switch (e.code()) {
            case SLOT_INVALIDATED, SLOT_UNUSABLE, PRIMARY_DISK_LOW -> true;
            default -> false;
        };
    }

    /** What is watched, and how near the limits are. */
    Evidence evidence(Session session) {
        String most = limits.keepMostBytes()
                .map(bytes -> "it is given up when it keeps more than " + megabytes(bytes) + " of WAL")
                .orElse("no keep_most bounds the WAL that it keeps");
        try {
            OptionalLong free = free(session);
            if (free.isPresent()) {
                return context.evidence(
                        "%s are free for WAL on the primary; it is given up below %s; %s"
                                .formatted(megabytes(free.getAsLong()), megabytes(limits.keepFreeBytes()), most),
                        "the file system of " + walDirectory.orElse("the WAL directory"));
            }
            return unseen("no primary_host is given", most);
        } catch (UnderstudyException e) {
            return unseen(e.message(), most);
        }
    }

    private Evidence unseen(String why, String most) {
        return context.evidence(
                "the primary's free space cannot be seen (%s), so keep_free has no effect; %s".formatted(why, most),
                "the playbook");
    }

    private void checkKept(Session session, ReplicationSlot found) {
        OptionalLong kept = kept(session, found);
        if (limits.keepMostBytes().isEmpty() || kept.isEmpty()) {
            return;
        }
        long most = limits.keepMostBytes().get();
        if (kept.getAsLong() > most) {
            throw tooMuch(
                            session,
                            "slot \"%s\" keeps %s of WAL on the primary, more than the %s it may"
                                    .formatted(slot, megabytes(kept.getAsLong()), megabytes(most)))
                    .hint("Raise keep_most in the playbook's step reserve-wal, or the rate of the copy.")
                    .build();
        }
    }

    private static OptionalLong kept(Session session, ReplicationSlot found) {
        WalPositions positions = new ServerFacts(session).positions();
        Optional<Lsn> end = positions.current().or(positions::received).or(positions::replayed);
        return found.restartLsn().isPresent() && end.isPresent()
                ? OptionalLong.of(end.get().bytes() - found.restartLsn().get().bytes())
                : OptionalLong.empty();
    }

    private void checkFree(Session session) {
        OptionalLong free = free(session);
        if (free.isPresent() && free.getAsLong() < limits.keepFreeBytes()) {
            throw tooMuch(
                            session,
                            "the primary has %s left for WAL, less than the %s it shall keep"
                                    .formatted(megabytes(free.getAsLong()), megabytes(limits.keepFreeBytes())))
                    .hint("Make room on the primary, or lower keep_free in the playbook's step reserve-wal.")
                    .build();
        }
    }

    /** Bytes free where the primary has its WAL; empty where that cannot be seen. */
    private OptionalLong free(Session session) {
        Optional<Host> host = site.primary().host();
        if (host.isEmpty()) {
            return OptionalLong.empty();
        }
        String directory = walDirectory.orElseGet(() -> ServerPaths.of(session).walDirectory());
        walDirectory = Optional.of(directory);
        return OptionalLong.of(host.get().files().usage(directory).availableBytes());
    }

    private UnderstudyException.Builder tooMuch(Session session, String message) {
        return UnderstudyException.of(ErrorCode.PRIMARY_DISK_LOW, "%s", message)
                .detail("%s", release(session))
                .hint("The primary removes the WAL that nothing keeps any more at its next checkpoint.");
    }

    private String release(Session session) {
        if (!context.facts().isTrue(OwnSlot.MADE)) {
            return "The slot was there before the run, and stays.";
        }
        try {
            Slots slots = new Slots(session);
            Optional<ReplicationSlot> found = slots.find(slot);
            if (found.isPresent() && ReserveSlot.owner(context, found.get()) != OwnSlot.Owner.THIS_RUN) {
                return "The slot of that name is not the one that the run made, and stays.";
            }
            slots.drop(slot);
            return "The run has dropped its slot at once.";
        } catch (UnderstudyException e) {
            return "The slot is dropped with the rest of what the run made: " + e.message() + ".";
        }
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + " MB";
    }
}
