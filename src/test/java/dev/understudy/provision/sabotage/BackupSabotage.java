package dev.understudy.provision.sabotage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.backup.BackupSession;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Where the backup begins and ends. A plan that never stops one is refused when it is read: see WrongPlaybooksTest. */
final class BackupSabotage {
    private static final String COPY = "copy-data-directory";

    /** How a non-exclusive backup is stopped, by the first major that takes it. */
    private static final Map<String, String> STOP =
            Map.of("9.6", "pg_stop_backup(false)", "10", "pg_stop_backup(false)", "15", "pg_backup_stop()");

    private BackupSabotage() {}

    static List<Sabotage> rows() {
        return List.of(
                Sabotage.of("the backup is stopped before the copy is done")
                        .before(COPY, scene -> {
                            BackupSession backup =
                                    scene.context().kept(BackupSession.class).orElseThrow();
                            backup.stop(false, Duration.ofMinutes(1));
                        })
                        .fails(ErrorCode.BACKUP_NOT_STOPPED, "is not in progress"),
                Sabotage.of("another session tries to stop the backup: it cannot")
                        .before(COPY, scene -> {
                            String stop = STOP.get(
                                    scene.major().isAtLeast(ServerMajor.V15) ? "15" : scene.isModern() ? "10" : "9.6");
                            assertThatThrownBy(() -> scene.primary().query("SELECT " + stop + "::text"))
                                    .hasMessageContaining("not in progress");
                        })
                        .isHarmless(scene ->
                                assertThat(scene.context().facts().get("label")).endsWith(" 1")),
                Sabotage.of("somebody holds an exclusive backup open meanwhile: its label is not taken for ours")
                        .upTo(ServerMajor.V14)
                        .before(COPY, scene -> {
                            scene.primary().query("SELECT pg_start_backup('forgotten', true)::text");
                            scene.afterwards(end -> end.primary().query("SELECT pg_stop_backup()::text"));
                        })
                        .isHarmless(scene -> assertThat(scene.target("backup_label"))
                                .as("the label that the exclusive backup left in the primary's data directory")
                                .doesNotExist()));
    }
}
