package dev.understudy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "999, 999 bytes",
        "1000, 0.98 kB",
        "1048576, 1.00 MB",
        "24117248, 23.0 MB",
        "536870912, 512 MB",
        "1099511627776, 1.00 TB"
    })
    void sizesCountInPowersOf1024(double bytes, String shown) {
        assertThat(Words.size(bytes)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"0.0041, 4 ms", "12.34, 12.3 s", "61, 1 min 01 s", "3599.4, 59 min 59 s", "7500, 2 h 05 min"})
    void durationsGrowCoarser(double seconds, String shown) {
        assertThat(Words.duration(seconds)).isEqualTo(shown);
    }

    /** What somebody asked for is no failure, and what abort cleared away is what was asked of it. */
    @Test
    void anEndThatSomebodyAskedForIsNoFailure() {
        RunReport failed = SampleReports.of(Outcome.UNDONE);
        Problem stopped = Problem.of(UnderstudyException.of(ErrorCode.RUN_INTERRUPTED, "the run was asked to stop")
                .build());

        assertThat(Words.title(failed)).isEqualTo("Failed, and undone");
        assertThat(Words.title(SampleReports.withProblem(failed, stopped))).isEqualTo("Interrupted, and undone");
        assertThat(Words.title(SampleReports.of(Outcome.LEFT))).isEqualTo("Failed, and something is left");
        assertThat(Words.title(SampleReports.withProblem(SampleReports.of(Outcome.LEFT), stopped)))
                .isEqualTo("Interrupted, and something is left");
        assertThat(Words.title(SampleReports.withExitCode(failed, 0))).isEqualTo("Cleared away");
    }

    @Test
    void pagesThatWereNotCheckedAreSaid() {
        Section copy = new Section(Map.of("pagesChecked", 10, "pageChecksumFailures", 0, "pagesNotChecked", 1234));

        assertThat(CopyFigures.of(copy))
                .containsExactly(new CopyFigures.Figure(
                        "pages",
                        "10 checked, none wrong; 1,234 equal on both sides by their digests, and not checked"));
    }

    @Test
    void theRulerIsToScaleAndNamesWhatSharesAPlace() {
        assertThat(LsnRuler.marks(SampleReports.proven()))
                .extracting(mark -> "%d %s %s %.1f row %d"
                        .formatted(mark.number(), mark.lsn(), mark.names(), mark.percent(), mark.row()))
                .containsExactly(
                        "1 0/2000028 [backup start] 0.0 row 0",
                        "2 0/20000D8 [BACKUP_END] 0.0 row 1",
                        "3 0/2000100 [backup stop, minimum recovery point] 0.0 row 2",
                        "4 0/3000028 [canary written] 100.0 row 0",
                        "5 0/3000060 [replayed] 100.0 row 1");
    }
}
