package dev.understudy.provision.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.Golden;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.control.ClusterState;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.provision.control.PostmasterFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Every reason why a directory is not taken for an untouched clone, on the bytes of a real control file. */
final class CloneOriginTest {
    private static final Instant STARTED = Instant.parse("2026-11-20T07:00:00Z");
    private static final Optional<PostmasterFile> SOURCES = postmaster(STARTED);
    private static final byte[] FILE = Golden.of(ServerMajor.V15).bytes("pg_control");

    private static final int STATE = 16;
    private static final int CHECKPOINT = 32;
    private static final int REDO = 40;
    private static final int TIMELINE = 48;
    private static final int MIN_RECOVERY_POINT = 136;
    private static final int MIN_RECOVERY_TIMELINE = 144;
    private static final int BACKUP_START = 152;
    private static final int CRC = 288;

    private static Optional<PostmasterFile> postmaster(Instant startedAt) {
        return Optional.of(new PostmasterFile(1, startedAt.getEpochSecond(), 5432, ""));
    }

    /** A file as the source's was during the backup, then changed. */
    private static ControlFile control(int... changes) {
        ByteBuffer file = ByteBuffer.wrap(FILE.clone()).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(STATE, ClusterState.IN_PRODUCTION.ordinal());
        file.putLong(CHECKPOINT, 0x5000100);
        file.putLong(REDO, 0x5000028);
        file.putInt(TIMELINE, 1);
        file.putLong(MIN_RECOVERY_POINT, 0);
        file.putInt(MIN_RECOVERY_TIMELINE, 0);
        file.putLong(BACKUP_START, 0);
        for (int i = 0; i < changes.length; i += 2) {
            file.putInt(changes[i], changes[i + 1]);
        }
        CRC32C crc = new CRC32C();
        crc.update(file.array(), 0, CRC);
        file.putInt(CRC, (int) crc.getValue());
        return ControlFileReader.read(file.array());
    }

    private static CloneBackup backup(boolean onStandby, SeenCheckpoint... seen) {
        String label = """
                START WAL LOCATION: 0/4000028 (file 000000010000000000000004)
                CHECKPOINT LOCATION: 0/4000060
                BACKUP METHOD: streamed
                BACKUP FROM: primary
                LABEL: x
                START TIMELINE: 1
                """;
        SystemIdentifier cluster = ControlFileReader.read(FILE).systemIdentifier();
        return new CloneBackup(
                BackupLabel.parse(label.getBytes(StandardCharsets.UTF_8)),
                new byte[0],
                Lsn.parse("0/6000100"),
                cluster,
                onStandby,
                STARTED,
                "/srv/pg",
                List.of(seen));
    }

    private static Optional<String> judge(
            CloneBackup backup, ControlFile control, Optional<PostmasterFile> postmaster) {
        CloneOrigin origin = new CloneOrigin(backup, "/clone");
        origin.requireCluster(control);
        return origin.judge(control, postmaster);
    }

    private static void isRefused(
            ErrorCode code, String said, ControlFile control, Optional<PostmasterFile> postmaster) {
        assertThatThrownBy(() -> judge(backup(false), control, postmaster))
                .isInstanceOfSatisfying(UnderstudyException.class, error -> {
                    assertThat(error.code()).isEqualTo(code);
                    assertThat(error.describe()).contains(said);
                });
    }

    @Test
    void theCheckpointOfTheStartTells() {
        assertThat(judge(backup(false), control(CHECKPOINT, 0x4000060, REDO, 0x4000028), Optional.empty()))
                .hasValueSatisfying(why -> assertThat(why).contains("0/4000060"));
    }

    @Test
    void aCheckpointThatWasSeenTellsAndOneLikeItDoesNot() {
        ControlFile control = control();
        long at = control.checkpoint().epochSeconds();
        SeenCheckpoint same = new SeenCheckpoint(Lsn.parse("0/5000100"), Lsn.parse("0/5000028"), at);
        SeenCheckpoint later = new SeenCheckpoint(Lsn.parse("0/5000100"), Lsn.parse("0/5000028"), at + 1);

        assertThat(judge(backup(false, same), control, SOURCES)).isPresent();
        assertThat(judge(backup(false, later), control, SOURCES)).isEmpty();
        assertThat(judge(backup(false), control, SOURCES)).isEmpty();
    }

    @Test
    void anotherClusterIsNoClone() {
        isRefused(ErrorCode.NOT_A_CLONE, "another database cluster", control(0, 4711), SOURCES);
    }

    @Test
    void aCloneFromBeforeTheStartIsNoClone() {
        isRefused(ErrorCode.NOT_A_CLONE, "before the backup's start", control(REDO, 0x3000028), SOURCES);
    }

    @Test
    void anEarlierTimelineIsAnotherTime() {
        CloneBackup later = backup(false);
        CloneBackup onTwo = new CloneBackup(
                BackupLabel.parse(new String(later.label().bytes(), StandardCharsets.UTF_8)
                        .replace("TIMELINE: 1", "TIMELINE: 2")
                        .replace("00000001000000", "00000002000000")),
                new byte[0],
                later.stopLsn(),
                later.systemIdentifier(),
                false,
                STARTED,
                "",
                List.of());
        assertThatThrownBy(() -> judge(onTwo, control(), SOURCES))
                .hasMessageContaining("was not cloned during that backup");
    }

    @Test
    void aPromotedCloneRan() {
        isRefused(ErrorCode.CLONE_RAN, "it was promoted", control(TIMELINE, 2), SOURCES);
    }

    @Test
    void everyOtherStateIsOfAServerThatRan() {
        for (ClusterState state : ClusterState.values()) {
            if (state != ClusterState.IN_PRODUCTION && state != ClusterState.UNRECOGNIZED) {
                isRefused(ErrorCode.CLONE_RAN, state.words(), control(STATE, state.ordinal()), SOURCES);
            }
        }
    }

    @Test
    void aCheckpointBehindTheEndSaysWhereItWentItsOwnWay() {
        isRefused(ErrorCode.CLONE_RAN, "it went its own way at 0/6000200", control(CHECKPOINT, 0x6000200), SOURCES);
    }

    @Test
    void aMinimumRecoveryPointBehindTheEndIsOfAStandbyThatRan() {
        isRefused(
                ErrorCode.CLONE_RAN,
                "Its minimum recovery point is 0/7000000",
                control(MIN_RECOVERY_POINT, 0x7000000, MIN_RECOVERY_TIMELINE, 1),
                SOURCES);
    }

    @Test
    void aBackupThatItRecoversFromIsOfAServerThatRan() {
        isRefused(ErrorCode.CLONE_RAN, "recovers from a backup", control(BACKUP_START, 0x4000028), SOURCES);
    }

    @Test
    void anotherPostmastersFileIsOfAServerThatRan() {
        isRefused(ErrorCode.CLONE_RAN, "2026-11-20T07:30:00Z", control(), postmaster(STARTED.plusSeconds(1800)));
    }

    @Test
    void aStandbysCloneNeedsItsPostmastersFile() {
        ControlFile control = control(STATE, ClusterState.IN_ARCHIVE_RECOVERY.ordinal());

        assertThat(judge(backup(true), control, SOURCES)).isEmpty();
        assertThatThrownBy(() -> judge(backup(true), control, Optional.empty()))
                .isInstanceOfSatisfying(
                        UnderstudyException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.CLONE_UNPROVEN));
    }
}
