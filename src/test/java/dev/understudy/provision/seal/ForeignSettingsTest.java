package dev.understudy.provision.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.ServerMajor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ForeignSettingsTest {
    private static final Map<String, String> SOURCE = Map.of(
            "archive_mode", "on",
            "archive_command", "cp %p /archive/%f",
            "archive_library", "",
            "listen_addresses", "10.0.0.1",
            "shared_preload_libraries", "pg_stat_statements,pg_cron",
            "synchronized_standby_slots", "a, b");

    private static List<String> names(ServerMajor major, long subscriptions, boolean keepArchiving, String... kept) {
        return ForeignSettings.changes(major, SOURCE, subscriptions, keepArchiving, Set.of(kept)).stream()
                .map(ForeignSettings.Change::name)
                .toList();
    }

    @Test
    void whatReachesIntoTheSourcesWorldIsNeutralised() {
        assertThat(names(ServerMajor.V17, 2, false))
                .containsExactly(
                        "archive_mode",
                        "archive_command",
                        "synchronized_standby_slots",
                        "cron.launch_active_jobs",
                        "max_logical_replication_workers");
    }

    @Test
    void whatTheMajorDoesNotHaveIsNotSet() {
        assertThat(names(ServerMajor.V9_6, 0, false))
                .containsExactly("archive_mode", "archive_command", "cron.launch_active_jobs");
    }

    @Test
    void whatTheCallerKeepsStays() {
        assertThat(names(ServerMajor.V17, 2, true, "cron.launch_active_jobs", "max_logical_replication_workers"))
                .containsExactly("synchronized_standby_slots");
    }

    @Test
    void whatIsNotThereIsNotTouched() {
        assertThat(ForeignSettings.changes(
                        ServerMajor.V17,
                        Map.of("archive_mode", "off", "archive_command", "", "listen_addresses", "*"),
                        0,
                        false,
                        Set.of()))
                .isEmpty();
        assertThat(ForeignSettings.note(Map.of("listen_addresses", "*"))).isEmpty();
        assertThat(ForeignSettings.note(SOURCE)).hasValue("listen_addresses stays '10.0.0.1', as on the source");
    }
}
