package dev.understudy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xml.sax.InputSource;

final class HtmlReportTest {
    /** For looking at: the pages of all outcomes are left in target/reports-html. */
    private static final Path LOOK = Path.of("target", "reports-html");

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void everyOutcomeIsSaidFirst(Outcome outcome) throws IOException {
        String page = HtmlReport.render(SampleReports.of(outcome));
        Files.createDirectories(LOOK);
        Files.writeString(LOOK.resolve(outcome.printed() + ".html"), page);

        String firstHeading = page.substring(page.indexOf("<h1>") + 4, page.indexOf("</h1>"));
        assertThat(firstHeading).isEqualTo(Words.title(outcome));
        assertThat(page).doesNotContain("${", "<#", "null");
    }

    @Test
    void theProofIsATableWithExactPlaces() {
        String page = HtmlReport.render(SampleReports.proven());

        assertThat(page)
                .contains(
                        "BACKUP_END at 0/20000D8 for start 0/2000028, ending at 0/2000100, in 000000010000000000000002")
                .contains("0/2000100 &gt;= stop LSN 0/2000100")
                .contains("system identifier 7563912345678901234 on both")
                .contains("written on the primary at 0/3000028, seen on the standby after 4 ms");
    }

    @Test
    void nothingFromOutsideBecomesMarkup() {
        String page = HtmlReport.render(SampleReports.hostile());

        assertThat(page).doesNotContain("<script", "\u001B", "\u202E").doesNotContain(">49<");
        assertThat(page)
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;${7*7}&lt;#list 1..9 as x&gt;&quot;&#39;&amp;\\x1b");
    }

    @Test
    void thePageNeedsNothingFromElsewhere() {
        String page = HtmlReport.render(SampleReports.proven());

        assertThat(page)
                .doesNotContainPattern("(?i)(src|href)\\s*=")
                .doesNotContainPattern("(?i)url\\(|@import|https?:");
        assertThat(page).contains("default-src 'none'");
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void everyElementIsClosed(Outcome outcome) throws Exception {
        String page = HtmlReport.render(SampleReports.of(outcome));
        String body = page.substring(page.indexOf("<body>"), page.indexOf("</html>"));

        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(body)));
    }

    @Test
    void theTimeLineStaysWithinItsLane() {
        String page = HtmlReport.render(SampleReports.of(Outcome.UNDONE));

        var bars = Pattern.compile("class=\"bar\" style=\"left: ([0-9.]+)%; width: ([0-9.]+)%\"")
                .matcher(page);
        assertThat(bars.results())
                .hasSize(2)
                .allSatisfy(bar -> assertThat(Double.parseDouble(bar.group(1)) + Double.parseDouble(bar.group(2)))
                        .isLessThanOrEqualTo(100));
    }
}
