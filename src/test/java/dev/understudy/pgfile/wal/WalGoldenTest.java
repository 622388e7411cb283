package dev.understudy.pgfile.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.pgfile.Golden;
import dev.understudy.pgfile.backup.BackupLabel;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.pgfile.control.ControlFileReader;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads WAL of real servers of every major. */
final class WalGoldenTest {
    private static final String GOLDEN = "dev.understudy.pgfile.Golden#all";

    private static WalReader open(Golden golden) {
        ControlFile control = ControlFileReader.read(golden.bytes("pg_control"));
        return WalReader.open(
                WalFiles.ofDirectory(golden.directory()),
                WalTimelines.only(TimelineId.FIRST),
                control.walSegmentSize(),
                control.systemIdentifier());
    }

    private static Lsn lsn(Golden golden, String name) {
        return Lsn.parse(golden.json("wal.json").get(name).asText());
    }

    @ParameterizedTest
    @MethodSource(GOLDEN)
    void findsTheEndOfTheBackupAtTheStopLocation(Golden golden) {
        BackupLabel label = BackupLabel.parse(golden.bytes("backup_label"));
        assertThat(label.startLsn()).isEqualTo(lsn(golden, "start"));
        try (WalReader reader = open(golden)) {
            BackupEndSearch search =
                    BackupEndSearch.run(reader, label.startLsn(), label.startLsn(), lsn(golden, "stop"));

            assertThat(search.complete()).isTrue();
            assertThat(search.foreign()).isEmpty();
            assertThat(search.ours()).hasSize(1);
            BackupEnd found = search.found().orElseThrow();
            assertThat(found.endLsn()).isEqualTo(lsn(golden, "stop"));
            assertThat(found.segment().end()).isGreaterThan(found.lsn());
            assertThat(found.segment().start()).isLessThan(found.lsn());
            BackupEndSearch other = BackupEndSearch.run(reader, new Lsn(0x28), label.startLsn(), lsn(golden, "stop"));
            assertThat(other.ours()).isEmpty();
            assertThat(other.foreign()).containsExactly(found);
        }
    }

    @ParameterizedTest
    @MethodSource(GOLDEN)
    void readsToTheEndWithoutAGap(Golden golden) {
        try (WalReader reader = open(golden)) {
            reader.seekFirstFrom(lsn(golden, "from"));
            int longest = 0;
            Lsn last = Lsn.INVALID;
            while (reader.next()) {
                longest = Math.max(longest, reader.totalLength());
                assertThat(last.compareTo(reader.lsn())).isLessThanOrEqualTo(0);
                last = reader.endLsn();
                assertThat(reader.recordBytes()).hasSize(reader.totalLength());
            }
            assertThat(longest).isGreaterThan(3_000_000);
            assertThat(reader.end().reason()).as(reader.end().toString()).isEqualTo(WalEndReason.ZEROES);
            assertThat(last.isAtLeast(lsn(golden, "to"))).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.understudy.pgfile.Golden#withRecords")
    void agreesWithPgWalinspect(Golden golden) {
        List<String> expected = golden.lines("records.csv");
        List<String> found = new ArrayList<>();
        found.add(expected.get(0));
        try (WalReader reader = open(golden)) {
            reader.limitTo(lsn(golden, "to"));
            reader.seekFirstFrom(lsn(golden, "from"));
            while (reader.next()) {
                WalRecord record = reader.record();
                found.add("%s,%s,%s,%s,%s,%d"
                        .formatted(
                                record.lsn(),
                                record.endLsn(),
                                record.prev(),
                                Integer.toUnsignedString(record.xid()),
                                record.resourceManagerName(),
                                record.totalLength()));
            }
        }
        assertThat(found).isEqualTo(expected);
    }
}
