package dev.understudy.server.facts;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one server process is doing.
 *
 * @param state {@code active}, {@code idle}, …; empty text if the role may not see it
 * @param waitEventType and {@code waitEvent} what it waits for; empty text if it runs
 * @param blockedBy processes that hold a lock it waits for
 */
public record Activity(
        int pid,
        String applicationName,
        String state,
        String waitEventType,
        String waitEvent,
        Instant sessionStart,
        Optional<Instant> queryStart,
        String query,
        List<Integer> blockedBy) {
    public Activity {
        blockedBy = List.copyOf(blockedBy);
    }
}
