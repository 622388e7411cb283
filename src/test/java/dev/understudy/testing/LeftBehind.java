package dev.understudy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;

/** What a run may have left behind. */
public final class LeftBehind {
    private LeftBehind() {}

    /**
     * Fails if a primary has a replication slot, or still has a session of ours after a moment; with the session a backup
     * would be in progress.
     */
    public static void nothingOn(EmbeddedPostgres primary) {
        assertThat(primary.query("SELECT string_agg(slot_name, ', ') FROM pg_replication_slots"))
                .as("slots that are left")
                .isNull();
        Awaitility.await("the end of our sessions, and of a backup with them")
                .atMost(Duration.ofSeconds(10))
                .until(() -> "0"
                        .equals(primary.query(
                                "SELECT (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'understudy')"
                                        + " + (SELECT count(*) FROM pg_stat_replication)")));
    }
}
