package dev.understudy.pgfile.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.Golden;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.WalSegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ControlFileReaderTest {
    private static final String GOLDEN = "dev.understudy.pgfile.Golden#all";

    @ParameterizedTest
    @MethodSource(GOLDEN)
    void readsWhatTheServerSaidOfItself(Golden golden) {
        ControlFile control = ControlFileReader.read(golden.bytes("pg_control"));
        JsonNode expected = golden.json("expected.json");

        assertThat(control.major()).isEqualTo(golden.major());
        assertThat(control.crcOk()).isTrue();
        assertThat(control.state()).isEqualTo(ClusterState.IN_PRODUCTION);
        JsonNode system = expected.get("system");
        assertThat(control.controlVersion())
                .isEqualTo(system.get("pg_control_version").asInt());
        assertThat(control.catalogVersion())
                .isEqualTo(system.get("catalog_version_no").asInt());
        assertThat(control.systemIdentifier())
                .hasToString(system.get("system_identifier").asText());
        assertThat(control.epochSeconds()).isEqualTo(seconds(system.get("pg_control_last_modified")));
        checkpointIsAs(expected.get("checkpoint"), control);
        sizesAreAs(expected.get("init"), control.sizes());
        assertThat(control.minRecoveryPoint()).isEqualTo(Lsn.INVALID);
        assertThat(control.minRecoveryTimelineId()).isEmpty();
        assertThat(control.backupStartPoint()).isEqualTo(Lsn.INVALID);
        assertThat(control.backupEndPoint()).isEqualTo(Lsn.INVALID);
        assertThat(control.backupEndRequired()).isFalse();
    }

    private static void checkpointIsAs(JsonNode expected, ControlFile control) {
        Checkpoint checkpoint = control.checkpoint();
        // Up to 10 the column was called location.
        JsonNode lsn =
                expected.has("checkpoint_lsn") ? expected.get("checkpoint_lsn") : expected.get("checkpoint_location");
        JsonNode redo = expected.has("redo_lsn") ? expected.get("redo_lsn") : expected.get("redo_location");
        assertThat(control.checkpointLsn()).hasToString(lsn.asText());
        assertThat(checkpoint.redoLsn()).hasToString(redo.asText());
        assertThat(control.redoSegment().map(WalSegment::name).orElseThrow())
                .isEqualTo(expected.get("redo_wal_file").asText());
        assertThat(checkpoint.timeline()).isEqualTo(expected.get("timeline_id").asInt());
        assertThat(checkpoint.previousTimeline())
                .isEqualTo(expected.get("prev_timeline_id").asInt());
        assertThat(checkpoint.fullPageWrites())
                .isEqualTo(expected.get("full_page_writes").asBoolean());
        assertThat(checkpoint.nextXidEpoch() + ":" + checkpoint.nextXid())
                .isEqualTo(expected.get("next_xid").asText());
        assertThat(checkpoint.nextOid()).isEqualTo(expected.get("next_oid").asInt());
        assertThat(checkpoint.nextMultiXactId())
                .isEqualTo(expected.get("next_multixact_id").asInt());
        assertThat(checkpoint.nextMultiOffset())
                .isEqualTo(expected.get("next_multi_offset").asInt());
        assertThat(checkpoint.oldestXid()).isEqualTo(expected.get("oldest_xid").asInt());
        assertThat(checkpoint.oldestXidDatabase())
                .isEqualTo(expected.get("oldest_xid_dbid").asInt());
        assertThat(checkpoint.oldestActiveXid())
                .isEqualTo(expected.get("oldest_active_xid").asInt());
        assertThat(checkpoint.oldestMultiXactId())
                .isEqualTo(expected.get("oldest_multi_xid").asInt());
        assertThat(checkpoint.oldestMultiDatabase())
                .isEqualTo(expected.get("oldest_multi_dbid").asInt());
        assertThat(checkpoint.epochSeconds()).isEqualTo(seconds(expected.get("checkpoint_time")));
        assertThat(checkpoint.walLevel()).isEqualTo(control.major().isAtLeast(ServerMajor.V17) ? 1 : -1);
    }

    private static void sizesAreAs(JsonNode expected, ControlSizes sizes) {
        assertThat(sizes.maxAlign())
                .isEqualTo(expected.get("max_data_alignment").asInt());
        assertThat(sizes.blockSize())
                .isEqualTo(expected.get("database_block_size").asInt());
        assertThat(sizes.relationSegmentBlocks())
                .isEqualTo(expected.get("blocks_per_segment").asInt());
        assertThat(sizes.walBlockSize())
                .isEqualTo(expected.get("wal_block_size").asInt());
        assertThat(sizes.walSegmentBytes())
                .isEqualTo(expected.get("bytes_per_wal_segment").asInt());
        assertThat(sizes.nameDataLength())
                .isEqualTo(expected.get("max_identifier_length").asInt());
        assertThat(sizes.indexMaxKeys())
                .isEqualTo(expected.get("max_index_columns").asInt());
        assertThat(sizes.toastMaxChunkSize())
                .isEqualTo(expected.get("max_toast_chunk_size").asInt());
        assertThat(sizes.largeObjectBlockSize())
                .isEqualTo(expected.get("large_object_chunk_size").asInt());
        assertThat(sizes.float8ByValue()).isTrue();
        assertThat(sizes.float4ByValue()).isTrue();
        assertThat(sizes.dataChecksumVersion()).isEqualTo(1);
    }

    private static long seconds(JsonNode timestamp) {
        return java.time.OffsetDateTime.parse(timestamp.asText()).toEpochSecond();
    }

    @ParameterizedTest
    @MethodSource(GOLDEN)
    void readsTheSettingsTheServerWasGiven(Golden golden) {
        ControlSettings settings =
                ControlFileReader.read(golden.bytes("pg_control")).settings();

        assertThat(settings.walLevelWords()).isEqualTo(golden.major().equals(ServerMajor.V9_6) ? "logical" : "replica");
        assertThat(settings.walLogHints()).isTrue();
        assertThat(settings.maxConnections()).isEqualTo(83);
        assertThat(settings.maxWorkerProcesses()).isEqualTo(9);
        assertThat(settings.maxPreparedTransactions()).isEqualTo(11);
        assertThat(settings.maxLocksPerTransaction()).isEqualTo(65);
        assertThat(settings.trackCommitTimestamp()).isFalse();
        if (golden.major().isAtLeast(ServerMajor.V12)) {
            assertThat(settings.maxWalSenders()).hasValue(7);
        } else {
            assertThat(settings.maxWalSenders()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource(GOLDEN)
    void readsAStandbysFile(Golden golden) {
        ControlFile control = ControlFileReader.read(golden.bytes("pg_control.standby"));

        assertThat(control.state()).isEqualTo(ClusterState.IN_ARCHIVE_RECOVERY);
        assertThat(control.minRecoveryPoint()).isGreaterThan(new Lsn(1 << 20));
        assertThat(control.minRecoveryTimeline()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource(GOLDEN)
    void everyFlippedBitIsSeen(Golden golden) {
        byte[] file = golden.bytes("pg_control");
        int covered = ControlFileLayout.of(golden.major()).crc() + 4;
        for (int bit = 0; bit < covered * 8; bit++) {
            byte[] damaged = file.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            UnderstudyException error =
                    catchThrowableOfType(UnderstudyException.class, () -> ControlFileReader.read(damaged));
            assertThat(error).as("bit %d", bit).isNotNull();
            boolean inVersions = bit / 8 >= 8 && bit / 8 < 16;
            assertThat(error.code())
                    .as("bit %d", bit)
                    .isEqualTo(inVersions ? ErrorCode.FORMAT_VERSION_UNKNOWN : ErrorCode.CONTROL_FILE_CRC_WRONG);
            if (!inVersions) {
                assertThat(ControlFileReader.readLeniently(damaged).crcOk()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(GOLDEN)
    void everyTruncationIsSeen(Golden golden) {
        byte[] file = golden.bytes("pg_control");
        int needed = ControlFileLayout.of(golden.major()).crc() + 4;
        for (int length = 0; length < needed; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            UnderstudyException error =
                    catchThrowableOfType(UnderstudyException.class, () -> ControlFileReader.readLeniently(cut));
            assertThat(error.code()).isEqualTo(ErrorCode.CONTROL_FILE_TRUNCATED);
        }
        assertThat(ControlFileReader.read(Arrays.copyOf(file, needed)).major()).isEqualTo(golden.major());
    }

    @Test
    void garbageGivesOneClearError() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            byte[] garbage = new byte[random.nextInt(9000)];
            random.nextBytes(garbage);
            assertThat(catchThrowableOfType(UnderstudyException.class, () -> ControlFileReader.read(garbage)))
                    .isNotNull();
        }
        // Right version numbers and garbage after them: lenient reading must bear any value.
        byte[] golden = Golden.of(ServerMajor.V18).bytes("pg_control");
        for (int round = 0; round < 2000; round++) {
            byte[] garbage = new byte[400];
            random.nextBytes(garbage);
            System.arraycopy(golden, 8, garbage, 8, 8);
            assertThat(ControlFileReader.readLeniently(garbage).crcOk()).isFalse();
        }
    }

    @Test
    void anUnknownVersionIsQuoted() {
        byte[] file = Golden.of(ServerMajor.V18).bytes("pg_control");
        file[8] = (byte) 0x6E;
        file[9] = (byte) 0x07;

        assertThat(error(file).describe()).isEqualTo("""
                        unexpected control version = 1902 and catalog version = 202506291
                        HINT:  Is this version of PostgreSQL supported? Known are 9.6 to 18.""");
    }

    @Test
    void theOtherByteOrderIsSaid() {
        byte[] file = {0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 5, 0x14, 0, 0, 0, 1};

        assertThat(error(file).detail()).isEqualTo("Read the other way round the control version is 1300.");
    }

    @Test
    void aWrongChecksumIsSaid() {
        byte[] file = Golden.of(ServerMajor.V15).bytes("pg_control");
        file[40] ^= 1;

        assertThat(error(file).message()).isEqualTo("incorrect checksum in control file");
    }

    @Test
    void everyRangeHasItsMessage() {
        assertThat(rangeError(16, 7)).isEqualTo("control file: unrecognized cluster state");
        assertThat(rangeError(48, 0)).isEqualTo("control file: timeline of the latest checkpoint is 0");
        assertThat(rangeError(228, 3 << 20)).isEqualTo("control file: invalid WAL segment size: 3145728 bytes");
        assertThat(rangeError(216, 8000)).isEqualTo("control file: invalid block size: 8000 bytes");
        assertThat(rangeError(224, 512)).isEqualTo("control file: invalid WAL block size: 512 bytes");
        assertThat(rangeError(220, 0)).isEqualTo("control file: invalid number of blocks per segment: 0");
        assertThat(rangeError(252, 9)).isEqualTo("control file: unknown data page checksum version: 9");
        assertThat(rangeError(136, 9)).isEqualTo("control file: timeline of the minimum recovery ending location is 0");
    }

    private static String rangeError(int offset, int value) {
        byte[] file = Golden.of(ServerMajor.V15).bytes("pg_control");
        java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(file).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(offset, value);
        buffer.putInt(288, dev.understudy.pgfile.Crc32c.of(file, 0, 288));
        return error(file).message();
    }

    @Test
    void aTornReadIsReadAgain() {
        byte[] good = Golden.of(ServerMajor.V15).bytes("pg_control");
        byte[] torn = good.clone();
        torn[40] ^= 1;
        byte[] tornOtherwise = good.clone();
        tornOtherwise[41] ^= 1;
        ArrayDeque<byte[]> reads = new ArrayDeque<>(List.of(torn, tornOtherwise, good));

        assertThat(ControlFileReader.readRetrying(reads::remove).crcOk()).isTrue();
        ArrayDeque<byte[]> damaged = new ArrayDeque<>(List.of(torn, torn, good));
        assertThat(catchThrowableOfType(
                                UnderstudyException.class, () -> ControlFileReader.readRetrying(damaged::remove))
                        .code())
                .isEqualTo(ErrorCode.CONTROL_FILE_CRC_WRONG);
    }

    private static UnderstudyException error(byte[] file) {
        return catchThrowableOfType(UnderstudyException.class, () -> ControlFileReader.read(file));
    }
}
