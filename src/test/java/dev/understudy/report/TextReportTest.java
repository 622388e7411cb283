package dev.understudy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TextReportTest {
    @Test
    void aProvenRunSaysSoFirstAndShowsWhy() {
        assertThat(TextReport.renderEnd(SampleReports.proven(), Paint.PLAIN)).isEqualTo("""
                Proven. The standby is consistent and follows its primary. Every part of the proof holds.

                  run       20261120T075100Z-standby-3f2a
                  playbook  standby
                  target    /srv/pg/data on local
                  started   2026-11-20 07:51:00 UTC
                  took      12.3 s

                Warnings
                  ! the standby's server programs are 18.1, the primary runs 18.6

                Proof
                  ✓ End of backup           BACKUP_END at 0/20000D8 for start 0/2000028, ending at 0/2000100, \
                in 000000010000000000000002  [WAL, CRC checked]
                  ✓ Minimum recovery point  0/2000100 >= stop LSN 0/2000100  [pg_control]
                  ✓ Replay                  0/3000060 >= stop LSN 0/2000100  [pg_last_wal_replay_lsn()]
                  ✓ Same system             system identifier 7563912345678901234 on both  [pg_control]
                  ✓ Fresh write             written on the primary at 0/3000028, seen on the standby after 4 ms  \
                [query on the standby]

                Copy
                  route        sql, 4 workers
                  files        980
                  data         23.0 MB
                  transferred  23.0 MB
                  pages        2,900 checked, none wrong
                  time         1.1 s (20.9 MB/s)
                """);
    }

    @Test
    void whatWasNotLookedAtHasNoTick() {
        assertThat(TextReport.renderEnd(SampleReports.provenAtQuickDepth(), Paint.PLAIN))
                .contains("  ✓ Query     answered  [a query]\n  – Contents  not read  [depth: quick]\n");
        assertThat(HtmlReport.render(SampleReports.provenAtQuickDepth()))
                .contains("<td class=\"tick not_examined\"><span role=\"img\" aria-label=\"not examined\">–</span>");
    }

    @Test
    void whatIsLeftAndWhatClearsItStandsAtTheTop() {
        assertThat(TextReport.render(SampleReports.of(Outcome.LEFT), Paint.PLAIN))
                .startsWith("""
                Failed, and something is left. Something that this run made is still there. To clear it: \
                understudy abort 20261120T075100Z-standby-3f2a
                  error: could not write file "base/5/16384": No space left on device
                  HINT:  Free 12 GB on /srv/pg, or choose another data directory.
                  error: slot "understudy" is still on the primary
                  DETAIL:  The primary cannot be reached.
                  HINT:  Clear it with: understudy abort 20261120T075100Z-standby-3f2a
                """);
    }

    @Test
    void stepsThatDidNotEndWellSayWhereTheyStand() {
        assertThat(TextReport.render(SampleReports.of(Outcome.LEFT), Paint.PLAIN))
                .contains("""
                Steps
                  ↶ reserve-wal               0.4 s  undone
                      slot "understudy" dropped  [pg_drop_replication_slot]
                  ✗ copy-data-directory  1 min 01 s  failed  3 attempts
                """);
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void everyOutcomeIsSaidFirst(Outcome outcome) {
        String text = TextReport.render(SampleReports.of(outcome), Paint.PLAIN);

        assertThat(text).startsWith(Words.title(outcome) + ". ");
        assertThat(text).doesNotContain("null", "Optional").endsWith("\n");
    }

    @Test
    void nothingFromOutsideDrawsOnTheTerminal() {
        String text = TextReport.render(SampleReports.hostile(), Paint.PLAIN);

        assertThat(text).doesNotContain("\u001B", "\u202E").contains("\\x1b[2J\\u202eevil");
    }

    @Test
    void coloursAreForTerminalsOnly() {
        assertThat(TextReport.render(SampleReports.proven(), Paint.COLOURED)).contains("\u001B[1;32mProven.\u001B[0m");
    }

    /** The steps of a run that has just ended were seen, and their errors with them. */
    @Test
    void anErrorThatWasSeenLiveIsNotToldAgain() {
        RunReport undone = SampleReports.of(Outcome.UNDONE);
        String message = undone.problem().orElseThrow().message();
        assertThat(undone.steps()).anyMatch(step -> step.problem().equals(undone.problem()));

        assertThat(TextReport.renderEnd(undone, Paint.PLAIN)).doesNotContain(message);
        assertThat(TextReport.render(undone, Paint.PLAIN)).containsOnlyOnce(message);
        RunReport unseen = SampleReports.withProblem(undone, new Problem("", "told by no step", "", List.of()));
        assertThat(TextReport.renderEnd(unseen, Paint.PLAIN)).containsOnlyOnce("error: told by no step");
    }
}
