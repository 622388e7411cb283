package dev.understudy.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.promotion.Certificate;
import dev.understudy.promotion.Verdict;
import dev.understudy.promotion.check.CheckResult;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A verdict as text, JSON, certificate and line for monitoring. */
final class PromotionReportTest {
    private static final CheckResult PASSED = CheckResult.builder("replay-caught-up")
            .seen("standby", "replayed up to 0/3000060")
            .figure("replay_lag_bytes", 0)
            .figure("replay_delay_ms", 12)
            .pass("0 bytes behind the primary, replayed within 12 ms");
    private static final CheckResult WARNED = CheckResult.builder("data-checksums")
            .seen("data_checksums", "off")
            .warn("Data checksums are off", "Switch");
    private static final CheckResult FAILED = CheckResult.builder("relation-files")
            .seen("empty or missing", "<b>t</b> | \u001b[31m")
            .fail("1 relation has an empty file", "Seed it anew\nunderstudy run repair-standby");
    private static final CheckResult SKIPPED = CheckResult.skipped("wal-intact", "no -D given");

    private static Verdict verdict(CheckResult... checks) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("systemIdentifier", "7563912345678901234");
        values.put("replayedLsn", "0/3000060");
        return new Verdict(
                new Certificate(
                        Instant.parse("2026-11-20T18:00:00Z"), "host=db2", "local", Optional.of("host=db1"), values),
                List.of(checks));
    }

    @Test
    void textHasWhatStandsInTheWayFirstWithEvidenceAndRemedy() {
        assertThat(PromotionText.render(verdict(PASSED, WARNED, FAILED, SKIPPED), Paint.PLAIN))
                .isEqualTo("""
                No-go: 1 failed, 1 to know of, 1 passed, 1 skipped
                  standby host=db2, at 2026-11-20 18:00:00 UTC

                fail: 1 relation has an empty file.
                  relation-files
                  - empty or missing: <b>t</b> | \\x1b[31m
                  * Seed it anew
                  * understudy run repair-standby

                warn: Data checksums are off.
                  data-checksums
                  - data_checksums: off
                  * Switch

                Passed:
                  replay-caught-up  0 bytes behind the primary, replayed within 12 ms
                Skipped:
                  wal-intact  no -D given
                """);
    }

    @Test
    void jsonHasTheFieldsOfTheContract() throws IOException {
        JsonNode tree = new ObjectMapper().readTree(PromotionJson.pretty(verdict(PASSED, FAILED, SKIPPED)));

        assertThat(tree.get("go").booleanValue()).isFalse();
        assertThat(tree.get("systemIdentifier").textValue()).isEqualTo("7563912345678901234");
        assertThat(tree.get("replayedLsn").textValue()).isEqualTo("0/3000060");
        JsonNode failed = tree.get("checks").get(1);
        assertThat(failed.fieldNames()).toIterable().containsExactly("id", "result", "summary", "evidence", "remedy");
        assertThat(failed.get("result").textValue()).isEqualTo("fail");
        assertThat(failed.get("evidence").get(0).fieldNames()).toIterable().containsExactly("source", "detail");
        assertThat(tree.get("checks")
                        .get(0)
                        .get("figures")
                        .get("replay_delay_ms")
                        .intValue())
                .isEqualTo(12);
        assertThat(tree.get("checks").get(2).get("result").textValue()).isEqualTo("skipped");
    }

    @Test
    void theCertificateSaysWhomItIsAboutAndEscapesWhatOthersWrote() {
        String page = PromotionHtml.render(verdict(PASSED, WARNED, FAILED, SKIPPED));

        assertThat(page)
                .contains("<h1>No-go</h1><p>Something stands in the way of promoting this standby.</p>")
                .contains("<dt>Examined</dt><dd class=\"mono\">2026-11-20 18:00:00 UTC</dd>")
                .contains("<dt>System identifier</dt><dd class=\"mono\">7563912345678901234</dd>")
                .contains("<dt>Replayed up to</dt><dd class=\"mono\">0/3000060</dd>")
                .contains("&lt;b&gt;t&lt;/b&gt;")
                .doesNotContain("<b>t</b>")
                .doesNotContain("<script")
                .endsWith("</html>\n");
    }

    @Test
    void aMonitoringSystemGetsOneLineAndAPluginsStatus() {
        Verdict bad = verdict(PASSED, WARNED, FAILED, SKIPPED);
        assertThat(PromotionNagios.line(bad))
                .isEqualTo(
                        "PROMOTION CRITICAL - no-go: 1 failed, 1 to know of, 1 passed, 1 skipped; fail relation-files,"
                                + " warn data-checksums | failed=1 warned=1 skipped=1 replay_lag=0B replay_delay=12ms\n");
        assertThat(PromotionNagios.state(bad).status()).isEqualTo(2);
        assertThat(PromotionNagios.state(verdict(WARNED)).status()).isEqualTo(1);
        assertThat(PromotionNagios.state(verdict(PASSED, SKIPPED)).status()).isZero();
        assertThat(PromotionNagios.unknown("a | b")).isEqualTo("PROMOTION UNKNOWN - a / b\n");
    }
}
