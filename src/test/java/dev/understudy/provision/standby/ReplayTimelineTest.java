package dev.understudy.provision.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.provision.site.TargetSite;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which timelines a standby may have replayed after a backup on timeline 1 that stopped at 0/2000100. */
final class ReplayTimelineTest {
    private static final Lsn STOP = Lsn.parse("0/2000100");

    @TempDir
    private Path data;

    private TimelineId require(int timeline) throws IOException {
        Host host = Hosts.local();
        TargetSite target = new TargetSite(
                host,
                host,
                data.toString(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
        return new ReplayTimeline(new TargetDirectory(target), TimelineId.FIRST, STOP).require(control(timeline));
    }

    private static ControlFile control(int timeline) throws IOException {
        try (InputStream golden =
                ControlFile.class.getResourceAsStream("/dev/understudy/pgfile/golden/15/pg_control.standby")) {
            ControlFile file =
                    ControlFileReader.read(Objects.requireNonNull(golden).readAllBytes());
            return new ControlFile(
                    file.major(),
                    file.systemIdentifier(),
                    file.controlVersion(),
                    file.catalogVersion(),
                    file.state(),
                    file.epochSeconds(),
                    file.checkpointLsn(),
                    file.checkpoint(),
                    file.unloggedLsn(),
                    file.minRecoveryPoint(),
                    timeline,
                    file.backupStartPoint(),
                    file.backupEndPoint(),
                    file.backupEndRequired(),
                    file.settings(),
                    file.sizes(),
                    file.nonce(),
                    file.signedChars(),
                    file.crcOk());
        }
    }

    private void history(String text) throws IOException {
        Files.createDirectories(data.resolve("pg_wal"));
        Files.writeString(data.resolve("pg_wal/00000002.history"), text);
    }

    private void isRefuted(int timeline, String message) {
        assertThatThrownBy(() -> require(timeline))
                .isInstanceOfSatisfying(
                        UnderstudyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_PROVEN))
                .hasMessageContaining(message);
    }

    @Test
    void theBackupsOwnIsRight() throws IOException {
        assertThat(require(1)).isEqualTo(TimelineId.FIRST);
    }

    @Test
    void oneThatLeftItAtOrAfterTheStopIsRightToo() throws IOException {
        history("1\t0/2000100\tno recovery target specified\n");
        assertThat(require(2)).isEqualTo(new TimelineId(2));
    }

    @Test
    void oneThatLeftItBeforeTheStopIsNot() throws IOException {
        history("1\t0/20000F8\tno recovery target specified\n");
        isRefuted(2, "the standby has replayed timeline 2, which is not the backup's, 1, and did not leave it at or");
    }

    @Test
    void oneOfWhichNothingIsKnownIsNot() {
        isRefuted(2, "the standby has replayed timeline 2");
    }

    @Test
    void aControlFileWithoutOneProvesNothing() {
        isRefuted(0, "pg_control names no timeline for its minimum recovery point");
    }
}
