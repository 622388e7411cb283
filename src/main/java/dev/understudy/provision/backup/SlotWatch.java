package dev.understudy.provision.backup;

import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.provision.site.ServerPaths;
import dev.understudy.provision.site.Site;
import dev.understudy.server.Session;
import dev.understudy.server.slots.ReplicationSlot;
import dev.understudy.server.slots.Slots;
import java.util.Optional;

/**
 * Watches the slot while the standby does not use it yet: that it is there and valid, and that what it keeps does not
 * fill the primary's disk. Where the primary's files cannot be reached by a shell, free space cannot be seen; then only
 * the server's own limits hold, and that is said once.
 */
final class SlotWatch implements Runnable {
    private final Site site;
    private final String slot;
    private final long keepFreeBytes;
    private final StepContext context;
    private Optional<String> walDirectory = Optional.empty();
    private boolean primaryAway;

    SlotWatch(Site site, String slot, long keepFreeBytes, StepContext context) {
        this.site = site;
        this.slot = slot;
        this.keepFreeBytes = keepFreeBytes;
        this.context = context;
    }

    @Override
    public void run() {
        try (Session session = site.primary().open()) {
            primaryAway = false;
            ReplicationSlot found = new Slots(session).find(slot).orElseThrow(() -> SlotState.dropped(slot));
            SlotState.requireUsable(found);
            site.primary().host().ifPresent(host -> checkFreeSpace(host, session));
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
            case SLOT_UNUSABLE, PRIMARY_DISK_LOW -> true;
            default -> false;
        };
    }

    private void checkFreeSpace(Host host, Session session) {
        String directory = walDirectory.orElseGet(() -> ServerPaths.of(session).walDirectory());
        walDirectory = Optional.of(directory);
        long free = host.files().usage(directory).availableBytes();
        if (free < keepFreeBytes) {
            throw UnderstudyException.of(
                            ErrorCode.PRIMARY_DISK_LOW,
                            "the primary has %d MB left for WAL, less than the %d MB it shall keep",
                            free >> 20,
                            keepFreeBytes >> 20)
                    .detail("The file system of \"%s\" on host \"%s\".", directory, host.name())
                    .hint("Make room on the primary, or lower keep_free in the playbook's step reserve-wal.")
                    .build();
        }
    }
}
