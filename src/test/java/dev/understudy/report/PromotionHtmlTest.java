package dev.understudy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.promotion.Certificate;
import dev.understudy.promotion.Verdict;
import dev.understudy.promotion.check.CheckResult;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PromotionHtmlTest {
    private static final String HOSTILE = "<script>alert('x')</script>";

    private static Verdict verdict(CheckResult... checks) {
        return new Verdict(
                new Certificate(
                        Instant.parse("2026-11-20T12:00:00Z"),
                        "host=db2",
                        "local " + HOSTILE,
                        Optional.of("host=db1"),
                        Map.of("systemIdentifier", "7563912345678901234", "replayedLsn", "0/3000060")),
                List.of(checks));
    }

    private static CheckResult.Builder check(String id) {
        return CheckResult.builder(id).seen("pg_class " + HOSTILE, "detail " + HOSTILE);
    }

    @Test
    void aNoGoSaysWhatStandsInTheWayBeforeAllElse() {
        String html = PromotionHtml.render(verdict(
                check("whole").pass("all is there"),
                check("near").warn("nearly full", "Make room."),
                check("far").fail("full", "Make room now."),
                CheckResult.skipped("unseen", "no -D given")));

        assertThat(html)
                .contains("<h1>No-go</h1>", "7563912345678901234", "0/3000060", "2026-11-20 12:00:00 UTC")
                .containsSubsequence(
                        "<b>1</b> failed",
                        "<b>1</b> to know of",
                        "<b>1</b> passed",
                        "<b>1</b> not looked at",
                        "Stands in the way",
                        "<h3>full</h3>",
                        "Make room now.",
                        "To know of",
                        "<h3>nearly full</h3>",
                        "Passed",
                        "all is there",
                        "Not looked at",
                        "no -D given");
    }

    @Test
    void aGoWithoutFindingsHasNoEmptySections() {
        assertThat(PromotionHtml.render(verdict(check("whole").pass("all is there"))))
                .contains("<h1>Go</h1>", "Nothing stands in the way of promoting this standby.")
                .doesNotContain("Stands in the way", "To know of", "Not looked at");
    }

    @Test
    void namesFromTheServerAreTextAndNothingElse() {
        assertThat(PromotionHtml.render(verdict(check("far").fail(HOSTILE, HOSTILE))))
                .doesNotContain("<script")
                .contains("&lt;script&gt;");
    }
}
