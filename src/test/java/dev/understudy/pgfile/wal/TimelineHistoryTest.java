package dev.understudy.pgfile.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.Golden;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegment;
import dev.understudy.postgres.WalSegmentSize;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TimelineHistoryTest {
    private static final TimelineHistory FIVE = parse(
            5,
            "1\t0/2000000\tno recovery target specified\n\n# a comment\n2\t0/30000A8\tbefore 2026-01-01\n4\t1/00000000\n");

    private static TimelineHistory parse(int timeline, String text) {
        return TimelineHistory.parse(new TimelineId(timeline), text.getBytes(StandardCharsets.UTF_8));
    }

    private static TimelineId timeline(int number) {
        return new TimelineId(number);
    }

    @ParameterizedTest
    @MethodSource("dev.understudy.pgfile.Golden#all")
    void readsWhatServersWrite(Golden golden) {
        TimelineId two = TimelineHistory.timelineOf("00000002.history").orElseThrow();
        TimelineHistory history = TimelineHistory.parse(two, golden.bytes("00000002.history"));

        assertThat(history.ancestors()).hasSize(1);
        assertThat(history.ancestors().get(0).timeline()).isEqualTo(TimelineId.FIRST);
        assertThat(history.ancestors().get(0).reason()).isEqualTo("no recovery target specified");
        assertThat(history.switchLsnOf(TimelineId.FIRST).orElseThrow()).isGreaterThan(Lsn.parse("0/800000"));
    }

    @Test
    void tellsTheTimelineOfALocation() {
        assertThat(FIVE.timelineAt(Lsn.parse("0/1FFFFFF"))).isEqualTo(timeline(1));
        assertThat(FIVE.timelineAt(Lsn.parse("0/2000000"))).isEqualTo(timeline(2));
        assertThat(FIVE.timelineAt(Lsn.parse("0/30000A8"))).isEqualTo(timeline(4));
        assertThat(FIVE.timelineAt(Lsn.parse("1/0"))).isEqualTo(timeline(5));
        assertThat(FIVE.timelineAt(Lsn.parse("FFFFFFFF/0"))).isEqualTo(timeline(5));
    }

    @Test
    void tellsWhoDescendsFromWhom() {
        assertThat(FIVE.descendsFrom(timeline(2))).isTrue();
        assertThat(FIVE.descendsFrom(timeline(5))).isTrue();
        assertThat(FIVE.descendsFrom(timeline(3))).isFalse();
        assertThat(FIVE.continuesFrom(timeline(1), Lsn.parse("0/2000000"))).isTrue();
        assertThat(FIVE.continuesFrom(timeline(1), Lsn.parse("0/2000008"))).isFalse();
        assertThat(FIVE.continuesFrom(timeline(3), Lsn.parse("0/8"))).isFalse();
        assertThat(FIVE.continuesFrom(timeline(5), Lsn.parse("9/0"))).isTrue();
    }

    @Test
    void takesASegmentFromTheNewestTimelineThatHadBegun() {
        assertThat(FIVE.timelines().candidates(3, WalSegmentSize.DEFAULT))
                .extracting(WalSegment::name)
                .containsExactly("000000040000000000000003", "000000020000000000000003", "000000010000000000000003");
        assertThat(FIVE.timelines().candidates(1, WalSegmentSize.DEFAULT))
                .extracting(WalSegment::name)
                .containsExactly("000000010000000000000001");
        assertThat(FIVE.timelines().newest()).isEqualTo(timeline(5));
    }

    @Test
    void wrongLinesAreSaid() {
        assertThat(error(2, "1 0/2000000x\treason\n"))
                .isEqualTo("timeline history: line 1 is not a timeline, an LSN and a reason: \"1 0/2000000x\treason\"");
        assertThat(error(2, "99999999999\t0/1\tx\n")).startsWith("timeline history: line 1 is not");
        assertThat(error(2, "0\t0/1\tx\n")).startsWith("timeline history: line 1 is not");
        assertThat(error(2, "2\t0/1\tx\n")).isEqualTo("timeline history: timeline 2 comes before timeline 2");
        assertThat(error(9, "3\t0/1\tx\n1\t0/2\tx\n"))
                .isEqualTo("timeline history: timeline 3 comes before timeline 1");
    }

    private static String error(int timeline, String text) {
        UnderstudyException error = catchThrowableOfType(UnderstudyException.class, () -> parse(timeline, text));
        assertThat(error.code()).isEqualTo(ErrorCode.TIMELINE_HISTORY_INVALID);
        return error.message();
    }
}
