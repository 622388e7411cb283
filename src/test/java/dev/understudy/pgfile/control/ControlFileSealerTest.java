package dev.understudy.pgfile.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.Golden;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.TimelineId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ControlFileSealerTest {
    private static final Lsn STOP = new Lsn(0x7_1234_5678L);

    @ParameterizedTest
    @MethodSource("dev.understudy.pgfile.Golden#all")
    void changesTheSealedFieldsAndTheChecksumOnly(Golden golden) {
        byte[] file = golden.bytes("pg_control");
        byte[] sealed = ControlFileSealer.seal(file, STOP, new TimelineId(3));
        ControlFile control = ControlFileReader.read(sealed);

        assertThat(control.isSealed()).isTrue();
        assertThat(ControlFileReader.read(file).isSealed()).isFalse();
        assertThat(control.checkpointLsn()).hasToString("0/DEAD");
        assertThat(control.minRecoveryPoint()).isEqualTo(STOP);
        assertThat(control.minRecoveryTimeline()).isEqualTo(3);
        ControlFileLayout layout = ControlFileLayout.of(golden.major());
        for (int i = 0; i < file.length; i++) {
            boolean meant = i >= 32 && i < 40
                    || i >= layout.minRecoveryPoint() && i < layout.minRecoveryPoint() + 12
                    || i >= layout.crc() && i < layout.crc() + 4;
            if (!meant) {
                assertThat(sealed[i]).as("byte %d", i).isEqualTo(file[i]);
            }
        }
    }

    @Test
    void aLaterMinimumRecoveryPointStays() {
        byte[] file = Golden.of(ServerMajor.V15).bytes("pg_control.standby");
        ControlFile before = ControlFileReader.read(file);

        ControlFile sealed = ControlFileReader.read(ControlFileSealer.seal(file, new Lsn(0x100000), new TimelineId(9)));

        assertThat(sealed.minRecoveryPoint()).isEqualTo(before.minRecoveryPoint());
        assertThat(sealed.minRecoveryTimeline()).isEqualTo(1);
    }

    @Test
    void sealingAgainChangesNothing() {
        byte[] once = ControlFileSealer.seal(Golden.of(ServerMajor.V18).bytes("pg_control"), STOP, TimelineId.FIRST);

        assertThat(ControlFileSealer.seal(once, STOP, TimelineId.FIRST)).isEqualTo(once);
    }

    @Test
    void aDamagedFileIsNotGivenARightChecksum() {
        byte[] file = Golden.of(ServerMajor.V15).bytes("pg_control");
        file[60] ^= 1;

        assertThat(catchThrowableOfType(
                                UnderstudyException.class, () -> ControlFileSealer.seal(file, STOP, TimelineId.FIRST))
                        .code())
                .isEqualTo(ErrorCode.CONTROL_FILE_CRC_WRONG);
    }
}
