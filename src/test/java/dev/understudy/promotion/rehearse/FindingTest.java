package dev.understudy.promotion.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FindingTest {
    @Test
    void aFindingIsTheSameAfterItWasAFact() {
        Finding finding = new Finding("index-corrupt", "index \"a: b\" is corrupt", "one: line\nanother");

        assertThat(Finding.parse(finding.text())).isEqualTo(finding);
        assertThat(finding.evidence()).containsExactly("one: line", "another");
    }

    @Test
    void aSummaryNeverBecomesEvidence() {
        Finding finding = new Finding("probe-failed", "probe \"a\nb\" could not be run", List.of());

        assertThat(Finding.parse(finding.text()))
                .isEqualTo(new Finding("probe-failed", "probe \"a b\" could not be run", List.of()));
    }
}
