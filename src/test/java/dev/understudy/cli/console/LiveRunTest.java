package dev.understudy.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Outcome;
import dev.understudy.engine.Progress;
import dev.understudy.engine.journal.Failure;
import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LiveRunTest {
    private static final Instant BEGIN = Instant.parse("2026-11-20T07:51:00Z");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final SettableClock clock = new SettableClock();
    private final PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void aStepIsALineWithItsEvidenceBeneath() {
        try (LiveRun live = new LiveRun(Console.Stream.plain(print), clock)) {
            live.event(started());
            live.event(new JournalEvent.StepProbing(BEGIN, "start-backup", 1));
            live.event(new JournalEvent.StepProbed(BEGIN, "start-backup", "pending", "start a backup", List.of()));
            live.event(new JournalEvent.Waiting(BEGIN, "start-backup", "the spread checkpoint", 3600));
            clock.now = BEGIN.plusMillis(1200);
            live.event(new JournalEvent.StepApplied(BEGIN, "start-backup", List.of(seen())));
            live.event(new JournalEvent.StepVerified(BEGIN, "start-backup", List.of(seen())));
        }

        assertThat(said()).isEqualTo("""
                Run 20261120T075100Z-standby-3f2a: playbook standby, target /srv/pg/data
                  … start-backup: waiting for the spread checkpoint, for 1 h 00 min at most
                  ✓ start-backup             1.2 s
                      backup started at 0/2000028 on timeline 1  [pg_backup_start]
                """);
    }

    @Test
    void whatIsTriedAgainSaysWhenAndWhenItIsGivenUp() {
        Failure away = Failure.of(UnderstudyException.of(ErrorCode.SERVER_UNREACHABLE, "could not reach the server")
                .build());
        try (LiveRun live = new LiveRun(Console.Stream.plain(print), clock)) {
            live.event(new JournalEvent.BracketRestarted(BEGIN, "backup", List.of("a"), 2, 50, 8, 14_390, away));
            live.event(new JournalEvent.Retrying(BEGIN, "copy-data-directory", 2, 50, 0.5, 60, away));
        }

        assertThat(said()).isEqualTo("""
                  ! could not reach the server
                  ! backup: attempt 2 of 50 in 8.0 s, given up in 3 h 59 min
                  ! copy-data-directory: attempt 2 of 50 in 0.5 s, given up in 1 min 00 s
                """);
    }

    @Test
    void aFailureSaysAllThatIsKnown() {
        Failure failure = Failure.of(UnderstudyException.of(ErrorCode.FILE_SYSTEM_FULL, "could not write file \"a\"")
                .detail("No space.")
                .hint("Free some.")
                .build());
        try (LiveRun live = new LiveRun(Console.Stream.plain(print), clock)) {
            live.event(started());
            live.event(new JournalEvent.StepProbing(BEGIN, "copy-data-directory", 1));
            live.event(new JournalEvent.StepFailed(BEGIN, "copy-data-directory", failure));
            live.event(new JournalEvent.StepUndoing(BEGIN, "start-backup"));
            live.event(new JournalEvent.StepUndone(BEGIN, "start-backup", List.of()));
        }

        assertThat(said()).isEqualTo("""
                Run 20261120T075100Z-standby-3f2a: playbook standby, target /srv/pg/data
                  ✗ copy-data-directory       0 ms
                      error: could not write file "a"  US-4007
                      DETAIL:  No space.
                      HINT:  Free some.
                  ↶ start-backup              0 ms  undone
                """);
    }

    @Test
    void withoutATerminalProgressIsALineNowAndThen() {
        try (LiveRun live = new LiveRun(Console.Stream.plain(print), clock)) {
            live.event(new JournalEvent.StepProbing(BEGIN, "copy-data-directory", 1));
            for (int second = 1; second <= 20; second++) {
                clock.now = BEGIN.plusSeconds(second);
                live.progress("copy-data-directory", bytes(second * 100L << 20, 4000L << 20));
            }
        }

        assertThat(said()).isEqualTo("  … copy-data-directory:  37 %  1.46 GB of 3.91 GB  100 MB/s  25 s left\n");
    }

    @Test
    void onATerminalTheBarIsDrawnOverAndErased() {
        Console.Stream terminal = new Console.Stream(print, true, false, 60);
        try (LiveRun live = new LiveRun(terminal, clock)) {
            live.event(new JournalEvent.StepProbing(BEGIN, "copy-data-directory", 1));
            clock.now = BEGIN.plusSeconds(1);
            live.progress("copy-data-directory", bytes(50, 100));
            live.event(new JournalEvent.StepVerified(BEGIN, "copy-data-directory", List.of(seen())));
        }

        assertThat(said()).contains("\r\u001B[2K").doesNotContain("\u001B[32m");
        assertThat(said().lines().map(line -> line.substring(line.lastIndexOf('K') + 1)))
                .allSatisfy(line -> assertThat(line.length()).isLessThan(100));
        assertThat(said()).endsWith("[pg_backup_start]\n");
    }

    @Test
    void aBarSaysShareAmountRateAndTimeLeft() {
        assertThat(ProgressText.withBar(bytes(512L << 20, 1138L << 20), java.util.OptionalDouble.of(320 << 20)))
                .isEqualTo("[=========>            ]  44 %  512 MB of 1.11 GB  320 MB/s  2 s left");
        assertThat(ProgressText.withBar(bytes(100, 100), java.util.OptionalDouble.empty()))
                .isEqualTo("[======================] 100 %  100 bytes of 100 bytes");
        assertThat(ProgressText.withBar(bytes(100, 0), java.util.OptionalDouble.empty()))
                .isEqualTo("100 bytes");
    }

    @Test
    void nothingFromAServerDrawsOnTheTerminal() {
        try (LiveRun live = new LiveRun(Console.Stream.plain(print), clock)) {
            live.event(new JournalEvent.Warned(BEGIN, "preflight", "evil \u001B[2J\nsecond"));
        }

        assertThat(said()).isEqualTo("  ! evil \\x1b[2J\\nsecond\n");
    }

    private static Progress bytes(long done, long total) {
        return new Progress(done, total, Progress.Unit.BYTES, "");
    }

    private static Evidence seen() {
        return new Evidence("backup started at 0/2000028 on timeline 1", "pg_backup_start", BEGIN);
    }

    private static JournalEvent.RunStarted started() {
        return new JournalEvent.RunStarted(
                BEGIN,
                "20261120T075100Z-standby-3f2a",
                "standby",
                Map.of(),
                List.of(),
                "/srv/pg/data",
                List.of("start-backup", "copy-data-directory"),
                Outcome.PROVEN,
                1,
                "here",
                "0.1",
                "d");
    }

    private String said() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static final class SettableClock extends Clock {
        private Instant now = BEGIN;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
