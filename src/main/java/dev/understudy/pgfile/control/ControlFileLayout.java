package dev.understudy.pgfile.control;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.ServerMajor;

/**
 * Where a major version keeps the fields of pg_control: a row a major, offsets in bytes from the start of the file.
 * Fields that always stand together are found from the first of them. -1 means that the major lacks the field.
 *
 * <p>The first 40 bytes are the same everywhere: system identifier at 0 (8 bytes), pg_control version at 8, catalog
 * version at 12, state at 16, time at 24 (8), checkpoint location at 32 (8). 9.6 and 10 keep the checkpoint before that
 * at 40.
 *
 * <p>Source: {@code ControlFileData} in {@code pg_control.h} of each branch, on 64-bit little-endian machines.
 *
 * @param checkpoint copy of the checkpoint record
 * @param wideCheckpoint whether that copy has 88 bytes (from 12, full transaction ids) rather than 80
 * @param checkpointWalLevel wal_level within the copy
 * @param minRecoveryPoint this and the five fields after it
 * @param walLevel this and the settings after it
 * @param maxWalSenders this setting alone
 * @param blockSize this and the sizes after it
 * @param float4ByValue this field alone
 * @param float8ByValue this field alone
 * @param dataChecksumVersion this field alone
 * @param signedChars this field alone
 * @param nonce this field alone, 32 bytes
 * @param crc the checksum, which covers every byte before it
 */
record ControlFileLayout(
        int checkpoint,
        boolean wideCheckpoint,
        int checkpointWalLevel,
        int minRecoveryPoint,
        int walLevel,
        int maxWalSenders,
        int blockSize,
        int float4ByValue,
        int float8ByValue,
        int dataChecksumVersion,
        int signedChars,
        int nonce,
        int crc) {
    private static final ControlFileLayout V9_6 =
            new ControlFileLayout(48, false, -1, 136, 172, -1, 216, 248, 249, 252, -1, -1, 256);
    private static final ControlFileLayout V10 =
            new ControlFileLayout(48, false, -1, 136, 172, -1, 216, 248, 249, 252, -1, 256, 288);
    private static final ControlFileLayout V11 =
            new ControlFileLayout(40, false, -1, 128, 164, -1, 208, 240, 241, 244, -1, 248, 280);
    private static final ControlFileLayout V12 =
            new ControlFileLayout(40, true, -1, 136, 172, 188, 216, 248, 249, 252, -1, 256, 288);
    private static final ControlFileLayout V13 =
            new ControlFileLayout(40, true, -1, 136, 172, 188, 216, -1, 248, 252, -1, 256, 288);
    private static final ControlFileLayout V17 =
            new ControlFileLayout(40, true, 20, 136, 172, 188, 216, -1, 248, 252, -1, 256, 288);
    private static final ControlFileLayout V18 =
            new ControlFileLayout(40, true, 20, 136, 172, 188, 216, -1, 248, 252, 256, 257, 292);

    static ControlFileLayout of(ServerMajor major) {
        return switch (major.number()) {
            case 906 -> V9_6;
            case 10 -> V10;
            case 11 -> V11;
            case 12 -> V12;
            case 13, 14, 15, 16 -> V13;
            case 17 -> V17;
            case 18 -> V18;
            default ->
                throw UnderstudyException.of(
                                ErrorCode.FORMAT_VERSION_UNKNOWN, "unknown major version of PostgreSQL: %s", major)
                        .build();
        };
    }
}
