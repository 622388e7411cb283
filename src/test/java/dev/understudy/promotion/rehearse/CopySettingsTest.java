package dev.understudy.promotion.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.pgfile.Golden;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.postgres.ServerMajor;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class CopySettingsTest {
    private static CopySettings of(ServerMajor major, Map<String, String> configured) {
        ControlFile control = ControlFileReader.read(Golden.of(major).bytes("pg_control"));
        return new CopySettings(major, configured, control);
    }

    @Test
    void nothingThatReachesOutsideComesAlongWhateverTheStandbysFilesSay() {
        Map<String, String> outward = new TreeMap<>(Map.of(
                "archive_command", "curl https://elsewhere",
                "archive_mode", "always",
                "archive_cleanup_command", "rm %r",
                "listen_addresses", "*",
                "primary_conninfo", "host=db1",
                "primary_slot_name", "standby_1",
                "restore_command", "cp /archive/%f %p",
                "synchronous_standby_names", "*",
                "log_directory", "/var/log/postgresql",
                "include_dir", "conf.d"));
        outward.putAll(Map.of("external_pid_file", "/run/pg.pid", "ssl", "on", "max_logical_replication_workers", "8"));

        Map<String, String> settings = of(ServerMajor.V15, outward).all(6000, "/srv/socket", 128 << 20);

        assertThat(settings)
                .containsEntry("archive_mode", "off")
                .containsEntry("archive_command", "")
                .containsEntry("archive_library", "")
                .containsEntry("listen_addresses", "")
                .containsEntry("primary_conninfo", "")
                .containsEntry("primary_slot_name", "")
                .containsEntry("restore_command", "")
                .containsEntry("synchronous_standby_names", "")
                .containsEntry("max_logical_replication_workers", "0")
                .containsEntry("ssl", "off")
                .containsEntry("unix_socket_directories", "/srv/socket")
                .containsEntry("unix_socket_permissions", "0700")
                .containsEntry("shared_buffers", "131072kB")
                .doesNotContainKeys("external_pid_file", "include_dir", "log_directory", "event_triggers");
        assertThat(CopySettings.render(settings)).doesNotContain("elsewhere", "db1", "standby_1", "pg.pid");
    }

    @Test
    void aMajorIsGivenNoSettingThatItDoesNotHave() {
        assertThat(of(ServerMajor.V9_6, Map.of()).isolation())
                .doesNotContainKeys(
                        "primary_conninfo", "restore_command", "max_logical_replication_workers", "archive_library");
        assertThat(of(ServerMajor.V18, Map.of()).isolation())
                .containsEntry("event_triggers", "off")
                .containsEntry("sync_replication_slots", "off")
                .containsEntry("summarize_wal", "off");
    }

    @Test
    void librariesThatActByThemselvesStayBehindWithTheirSettings() {
        CopySettings settings = of(
                ServerMajor.V15,
                Map.of(
                        "shared_preload_libraries", "pg_stat_statements, \"$libdir/pg_cron.so\",pglogical, timescaledb",
                        "cron.host", "db1",
                        "pg_stat_statements.max", "5000",
                        "app.tenant", "it's"));

        assertThat(settings.droppedLibraries()).containsExactly("$libdir/pg_cron.so", "pglogical");
        assertThat(settings.all(6000, "/srv/a socket", 1))
                .containsEntry("shared_preload_libraries", "pg_stat_statements,timescaledb")
                .containsEntry("unix_socket_directories", "\"/srv/a socket\"")
                .containsEntry("app.tenant", "it's")
                .containsEntry("pg_stat_statements.max", "5000")
                .doesNotContainKey("cron.host");
        assertThat(CopySettings.render(settings.all(6000, "/s", 1))).contains("app.tenant = 'it''s'\n");
    }

    @Test
    void whatAStandbyMustNotHaveLessOfIsAsThePrimaryHadIt() {
        assertThat(of(ServerMajor.V15, Map.of("max_connections", "7")).all(6000, "/s", 1))
                .containsKeys("max_connections", "max_worker_processes", "max_wal_senders", "max_locks_per_transaction")
                .doesNotContainEntry("max_connections", "7");
    }
}
