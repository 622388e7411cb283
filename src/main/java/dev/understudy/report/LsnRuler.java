package dev.understudy.report;

import dev.understudy.postgres.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The places in the WAL that a run speaks of, in their order and to scale. */
public final class LsnRuler {
    /** Marks nearer to each other than this many percent of the ruler go into different rows. */
    private static final double ROOM = 8;

    /**
     * A place on the ruler.
     *
     * @param number from 1, in the order of the LSNs
     * @param lsn where in the WAL
     * @param names what is there; several may share one LSN
     * @param percent how far along the ruler, 0 to 100
     * @param row from 0; marks in one row do not overlap
     * @param bytesFromStart distance from the first mark
     */
    public record Mark(int number, Lsn lsn, List<String> names, double percent, int row, long bytesFromStart) {
        public Mark {
            names = List.copyOf(names);
        }
    }

    private LsnRuler() {}

    /** The marks in the order of their LSNs; empty unless there are two places at least. */
    public static List<Mark> marks(RunReport report) {
        Section proof = report.part(RunReport.PROOF);
        Map<Lsn, List<String>> places = new TreeMap<>();
        place(places, proof, "startLsn", "backup start");
        place(places, proof.section("backupEnd"), "lsn", "BACKUP_END");
        place(places, proof, "stopLsn", "backup stop");
        place(places, proof, "minRecoveryPoint", "minimum recovery point");
        place(places, proof.section("canary"), "writtenLsn", "canary written");
        place(places, proof, "replayLsn", "replayed");
        return places.size() < 2 ? List.of() : marks(places);
    }

    private static void place(Map<Lsn, List<String>> places, Section section, String name, String shown) {
        section.lsn(name)
                .ifPresent(lsn ->
                        places.computeIfAbsent(lsn, any -> new ArrayList<>()).add(shown));
    }

    private static List<Mark> marks(Map<Lsn, List<String>> places) {
        List<Lsn> sorted = List.copyOf(places.keySet());
        Lsn first = sorted.get(0);
        double span = sorted.get(sorted.size() - 1).minus(first);
        List<Double> ends = new ArrayList<>();
        List<Mark> marks = new ArrayList<>();
        for (Lsn lsn : sorted) {
            double percent = 100 * lsn.minus(first) / span;
            int row = freeRow(ends, percent);
            marks.add(new Mark(
                    marks.size() + 1, lsn, places.getOrDefault(lsn, List.of()), percent, row, lsn.minus(first)));
        }
        return marks;
    }

    private static int freeRow(List<Double> ends, double percent) {
        for (int row = 0; row < ends.size(); row++) {
            if (percent - ends.get(row) >= ROOM) {
                ends.set(row, percent);
                return row;
            }
        }
        ends.add(percent);
        return ends.size() - 1;
    }
}
