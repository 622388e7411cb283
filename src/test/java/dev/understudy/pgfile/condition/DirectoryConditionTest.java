package dev.understudy.pgfile.condition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.pgfile.Golden;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.condition.DirectorySigns.Server;
import dev.understudy.pgfile.control.ClusterState;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.pgfile.control.ControlFileSealer;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.TimelineId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DirectoryConditionTest {
    private static final BackupLabel LABEL = BackupLabel.parse("""
            START WAL LOCATION: 0/4000028 (file 000000010000000000000004)
            CHECKPOINT LOCATION: 0/4000060
            BACKUP METHOD: streamed
            LABEL: x
            START TIMELINE: 1
            """.getBytes(StandardCharsets.UTF_8));

    private static byte[] bytes(ClusterState state, int timeline, long backupStart) {
        ByteBuffer file = ByteBuffer.wrap(
                        Golden.of(ServerMajor.V15).bytes("pg_control").clone())
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(16, state.ordinal());
        file.putInt(48, timeline);
        file.putLong(152, backupStart);
        return file.array();
    }

    private static ControlFile control(ClusterState state, int timeline, long backupStart) {
        return ControlFileReader.readLeniently(bytes(state, timeline, backupStart));
    }

    private static ControlFile sealed() {
        return ControlFileReader.read(ControlFileSealer.seal(
                Golden.of(ServerMajor.V15).bytes("pg_control"), Lsn.parse("0/6000000"), TimelineId.FIRST));
    }

    private static DirectoryCondition of(
            ControlFile control, boolean label, boolean oldLabel, boolean signal, Server server) {
        return DirectoryCondition.of(new DirectorySigns(
                Optional.of(control),
                false,
                Optional.of(LABEL).filter(each -> label),
                Optional.of(LABEL).filter(each -> oldLabel),
                signal,
                server));
    }

    @Test
    void withoutControlFileItIsNoneOrHalfBuilt() {
        for (boolean pending : new boolean[] {false, true}) {
            DirectorySigns signs = new DirectorySigns(
                    Optional.empty(), pending, Optional.empty(), Optional.empty(), false, Server.NONE);
            assertThat(DirectoryCondition.of(signs))
                    .isEqualTo(pending ? DirectoryCondition.HALF_BUILT : DirectoryCondition.NOT_A_DATA_DIRECTORY);
        }
    }

    @Test
    void aSealedOneNeedsItsLabelAndSignal() {
        assertThat(of(sealed(), true, false, true, Server.NONE)).isEqualTo(DirectoryCondition.SEALED);
        assertThat(of(sealed(), false, false, true, Server.NONE)).isEqualTo(DirectoryCondition.LABEL_MISSING);
        assertThat(of(sealed(), true, false, false, Server.NONE)).isEqualTo(DirectoryCondition.LABEL_MISSING);
    }

    @Test
    void aSnapshotOfARunningServerIsAnUnsealedClone() {
        ControlFile primary = control(ClusterState.IN_PRODUCTION, 1, 0);
        ControlFile standby = control(ClusterState.IN_ARCHIVE_RECOVERY, 1, 0);
        assertThat(of(primary, false, false, false, Server.STALE)).isEqualTo(DirectoryCondition.CLONE_UNSEALED);
        assertThat(of(standby, false, true, false, Server.STALE)).isEqualTo(DirectoryCondition.CLONE_UNSEALED);
        assertThat(of(primary, false, false, false, Server.RUNNING)).isEqualTo(DirectoryCondition.RUNNING);
    }

    @Test
    void aLabelTellsABackupAndWithoutSignalADanger() {
        ControlFile copied = control(ClusterState.IN_PRODUCTION, 1, 0);
        assertThat(of(copied, true, false, true, Server.NONE)).isEqualTo(DirectoryCondition.BACKUP_NOT_STARTED);
        assertThat(of(copied, true, false, false, Server.NONE)).isEqualTo(DirectoryCondition.LABEL_WITHOUT_SIGNAL);
    }

    @Test
    void anEndThatNeverCameIsSaidOfARunningServerToo() {
        ControlFile waiting = control(ClusterState.IN_ARCHIVE_RECOVERY, 1, 0x4000028);
        assertThat(of(waiting, false, true, true, Server.NONE)).isEqualTo(DirectoryCondition.BACKUP_NOT_ENDED);
        assertThat(of(waiting, false, true, true, Server.RUNNING)).isEqualTo(DirectoryCondition.BACKUP_NOT_ENDED);
    }

    @Test
    void aRecoveredBackupThatTookWritesOnItsSourcesTimelineRanAsAPrimary() {
        assertThat(of(control(ClusterState.SHUT_DOWN, 1, 0), false, true, false, Server.NONE))
                .isEqualTo(DirectoryCondition.RAN_AS_PRIMARY);
        assertThat(of(control(ClusterState.SHUT_DOWN, 2, 0), false, true, false, Server.NONE))
                .as("promoted in order")
                .isEqualTo(DirectoryCondition.PRIMARY);
    }

    @Test
    void whatWasShutDownIsWhatItWas() {
        assertThat(of(control(ClusterState.SHUT_DOWN, 1, 0), false, false, false, Server.NONE))
                .isEqualTo(DirectoryCondition.PRIMARY);
        assertThat(of(control(ClusterState.SHUT_DOWN_IN_RECOVERY, 1, 0), false, true, true, Server.NONE))
                .isEqualTo(DirectoryCondition.STANDBY);
    }
}
