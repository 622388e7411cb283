package dev.understudy.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RehearsalReportTest {
    @Test
    void aGoodRehearsalSaysHowLongEachPhaseTookAndHowTheStandbyBoreIt() {
        assertThat(TextReport.renderEnd(SampleReports.rehearsed(true), Paint.PLAIN))
                .startsWith("Rehearsed, nothing wrong. The copy was promoted, took writes and passed every look."
                        + " Nothing of the copy is left.\n")
                .endsWith("""

                Rehearsal
                  promoted          0.4 s  from the order to promote
                  first-write       1.5 s  until a write had committed
                  standby's lag   at most 80.0 kB, 0.5 s (limit 64.0 MB)
                  copying paused  0 ms
                  – not examined: pages by their checksums: the cluster has no data checksums
                """);
    }

    @Test
    void whatWasFoundStandsBeforeWhatWasMeasured() {
        assertThat(TextReport.renderEnd(SampleReports.rehearsed(false), Paint.PLAIN))
                .startsWith("Rehearsed, 1 found wrong. Do not promote the standby before what was found is understood."
                        + " The copy was kept.\n")
                .contains("""

                Rehearsal
                  ✗ index-corrupt  index "public.item_name" of database "shop" is corrupt
                      item order invariant violated
                """)
                .contains("  copy kept       remove it with: rm -rf -- /srv/understudy-rehearsal\n");
    }

    @Test
    void thePageIsRedWhenSomethingWasFound() {
        assertThat(HtmlReport.render(SampleReports.rehearsed(false)))
                .contains(
                        "<div class=\"outcome bad\">",
                        "<b class=\"mono\">index-corrupt</b>",
                        "item order invariant violated");
        assertThat(HtmlReport.render(SampleReports.rehearsed(true)))
                .contains(
                        "<div class=\"outcome good\">",
                        "Nothing wrong was found.",
                        "<th scope=\"row\">first-write</th>");
    }
}
