package dev.understudy.provision.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerVersion;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.provision.seal.SeenCheckpoint;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BundleFormatTest {
    private static final byte[] LABEL = """
            START WAL LOCATION: 0/2000028 (file 000000010000000000000002)
            CHECKPOINT LOCATION: 0/2000060
            BACKUP METHOD: streamed
            BACKUP FROM: primary
            START TIME: 2026-11-20 07:51:00 UTC
            LABEL: nightly "é" understudy 20261120T075100Z-3f2a
            START TIMELINE: 1
            """.getBytes(StandardCharsets.UTF_8);
    private static final byte[] MAP = "16384 /srv/fast\n".getBytes(StandardCharsets.UTF_8);

    private static Bundle bundle() {
        return new Bundle(
                Instant.parse("2026-11-20T07:52:00Z"),
                SystemIdentifier.parse("17563912345678901234"),
                new ServerVersion(150018),
                BackupLabel.parse(LABEL),
                MAP,
                Lsn.parse("0/3000100"),
                false,
                Optional.of("understudy"),
                Conninfo.parse("host=db1 user=backup password=secret"),
                new Bundle.Source(
                        Instant.parse("2026-11-19T07:52:00.123456Z"),
                        "/srv/pg/data",
                        2,
                        Map.of("archive_mode", "on", "port", "5432"),
                        Map.of("log_line_prefix", "%m 'é' ")),
                List.of(new SeenCheckpoint(Lsn.parse("0/2000060"), Lsn.parse("0/2000028"), 1_700_000_000)),
                "BACKUP_END seen");
    }

    @Test
    void readsBackWhatItWroteButTheSecret() {
        byte[] file = BundleFormat.write(bundle());
        Bundle read = BundleFormat.read(file, LABEL, MAP);

        assertThat(BundleFormat.write(read)).isEqualTo(file);
        assertThat(read.backup().startLsn()).isEqualTo(Lsn.parse("0/2000028"));
        assertThat(read.backup().checkpoints()).isEqualTo(bundle().checkpoints());
        assertThat(read.primary().get("password")).isEmpty();
        assertThat(new String(file, StandardCharsets.UTF_8)).doesNotContain("secret");
    }

    @Test
    void everyDamagedByteOfTheFileIsNoticed() {
        byte[] file = BundleFormat.write(bundle());
        for (int at = 0; at < file.length; at++) {
            for (int flip : new int[] {0x01, 0x20, 0x80}) {
                byte[] damaged = file.clone();
                damaged[at] ^= (byte) flip;
                assertRefused(damaged, LABEL, MAP);
            }
        }
    }

    @Test
    void everyTruncationIsNoticedAndSoIsWhatIsAppended() {
        byte[] file = BundleFormat.write(bundle());
        for (int length = 0; length < file.length; length++) {
            assertRefused(Arrays.copyOf(file, length), LABEL, MAP);
        }
        assertRefused(Arrays.copyOf(file, file.length + 1), LABEL, MAP);
    }

    @Test
    void aDamagedLabelOrMapIsNoticed() {
        byte[] file = BundleFormat.write(bundle());
        for (int at = 0; at < LABEL.length; at++) {
            byte[] damaged = LABEL.clone();
            damaged[at] ^= 1;
            assertRefused(file, damaged, MAP);
        }
        assertRefused(file, LABEL, new byte[0]);
        assertRefused(file, Arrays.copyOf(LABEL, LABEL.length - 1), MAP);
    }

    private static void assertRefused(byte[] file, byte[] label, byte[] map) {
        assertThatThrownBy(() -> BundleFormat.read(file, label, map))
                .isInstanceOfSatisfying(
                        UnderstudyException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.BUNDLE_INVALID));
    }
}
