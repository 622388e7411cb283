package dev.understudy.pgfile.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.Golden;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class BackupLabelTest {
    @ParameterizedTest
    @MethodSource("dev.understudy.pgfile.Golden#all")
    void readsWhatServersWrite(Golden golden) {
        BackupLabel label = BackupLabel.parse(golden.bytes("backup_label"));

        assertThat(label.label()).isEqualTo("golden backup");
        assertThat(label.method()).isEqualTo("streamed");
        assertThat(label.isFromStandby()).isFalse();
        assertThat(label.startTimeline()).isEqualTo(TimelineId.FIRST);
        assertThat(label.isIncremental()).isFalse();
        assertThat(label.checkpointLsn()).isGreaterThan(label.startLsn());
        assertThat(label.bytes()).isEqualTo(golden.bytes("backup_label"));
        assertThat(label.startTime()).startsWith("20");
    }

    @Test
    void readsPaddedLocationsAndAnIncrementalBackup() {
        BackupLabel label = BackupLabel.parse("""
                START WAL LOCATION: 1/0000028A (file 0000000A0000000100000000)
                CHECKPOINT LOCATION: 1/000002F8
                BACKUP METHOD: streamed
                BACKUP FROM: standby
                START TIME: 2026-11-20 10:28:36 CET
                LABEL: a: b
                START TIMELINE: 10
                INCREMENTAL FROM LSN: 0/04000028
                INCREMENTAL FROM TLI: 9
                """);

        assertThat(label.startLsn()).isEqualTo(Lsn.parse("1/28A"));
        assertThat(label.startTimeline()).isEqualTo(new TimelineId(10));
        assertThat(label.isFromStandby()).isTrue();
        assertThat(label.label()).isEqualTo("a: b");
        assertThat(label.incrementalFromLsn()).contains(Lsn.parse("0/4000028"));
        assertThat(label.incrementalFromTimeline()).contains(new TimelineId(9));
    }

    @Test
    void withoutATimelineLineTheSegmentTells() {
        BackupLabel label = BackupLabel.parse(
                "START WAL LOCATION: 0/2000028 (file 000000110000000000000002)\nCHECKPOINT LOCATION: 0/2000060\n");

        assertThat(label.startTimeline()).isEqualTo(new TimelineId(17));
        assertThat(label.method()).isEmpty();
    }

    @Test
    void aLabelTextOverSeveralLinesDoesNotReplaceTheServersLines() {
        BackupLabel label = BackupLabel.parse(
                "START WAL LOCATION: 0/2000028 (file 000000010000000000000002)\nCHECKPOINT LOCATION: 0/2000060\n"
                        + "BACKUP METHOD: streamed\nLABEL: one\nBACKUP METHOD: forged\n");

        assertThat(label.method()).isEqualTo("streamed");
    }

    @Test
    void whatIsMissingOrWrongIsSaid() {
        assertThat(error("")).isEqualTo("backup_label has no line \"START WAL LOCATION\"");
        assertThat(error("START WAL LOCATION: 0/2000028\n"))
                .isEqualTo("backup_label: cannot read line \"START WAL LOCATION\": \"0/2000028\"");
        assertThat(error("START WAL LOCATION: 0/2000028 (file 000000010000000000000002)\n"))
                .isEqualTo("backup_label has no line \"CHECKPOINT LOCATION\"");
        assertThat(error("START WAL LOCATION: 0/2000028 (file 000000010000000000000002)\nCHECKPOINT LOCATION: x\n"))
                .isEqualTo("backup_label: cannot read line \"CHECKPOINT LOCATION\": \"x\"");
    }

    private static String error(String text) {
        UnderstudyException error = catchThrowableOfType(
                UnderstudyException.class, () -> BackupLabel.parse(text.getBytes(StandardCharsets.UTF_8)));
        assertThat(error.code()).isEqualTo(ErrorCode.BACKUP_LABEL_INVALID);
        return error.message();
    }
}
