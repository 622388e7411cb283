package dev.understudy.pgfile.control;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.fuzz.Fuzz;
import dev.understudy.pgfile.Crc32c;
import dev.understudy.pgfile.Golden;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** pg_control: as it came, and with its checksum put right, since a guess never has the right one. */
public final class ControlFileFuzz {
    private static final Set<ErrorCode> DOCUMENTED = Set.of(
            ErrorCode.CONTROL_FILE_TRUNCATED,
            ErrorCode.FORMAT_VERSION_UNKNOWN,
            ErrorCode.CONTROL_FILE_CRC_WRONG,
            ErrorCode.CONTROL_FILE_INVALID);

    private ControlFileFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        read(bytes);
        read(withRightChecksum(bytes));
    }

    private static void read(byte[] bytes) {
        Fuzz.reading(DOCUMENTED, () -> Fuzz.print(ControlFileReader.readLeniently(bytes)));
        Fuzz.reading(DOCUMENTED, () -> {
            byte[] sealed = ControlFileSealer.seal(bytes, Lsn.parse("16/B374D848"), new TimelineId(7));
            ControlFileReader.read(sealed);
        });
    }

    private static byte[] withRightChecksum(byte[] bytes) {
        try {
            ControlFileLayout layout =
                    ControlFileLayout.of(ControlFileReader.readLeniently(bytes).major());
            byte[] right = bytes.clone();
            ByteBuffer.wrap(right)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(layout.crc(), Crc32c.of(right, 0, layout.crc()));
            return right;
        } catch (UnderstudyException unreadable) {
            return bytes; // It has no place for a checksum.
        }
    }

    /** What the servers wrote; only the first few hundred bytes of the file are used. */
    public static List<byte[]> seeds() {
        return Golden.all()
                .flatMap(golden -> Stream.of("pg_control", "pg_control.standby").map(golden::bytes))
                .map(bytes -> Arrays.copyOf(bytes, 320))
                .toList();
    }
}
