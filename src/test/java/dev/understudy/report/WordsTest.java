package dev.understudy.report;

import static org.assertj.core.api.Assertions.assertThat;

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
