package dev.understudy.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a rehearsal of a promotion says: what was found wrong, how long each phase took, how the real standby bore it.
 *
 * @param findings what is wrong; empty if nothing is
 * @param phases in their order
 * @param figures of the real standby meanwhile, and of what became of the copy
 * @param notExamined what could not be looked at, with the reason
 */
record Rehearsal(
        List<Finding> findings, List<Phase> phases, List<CopyFigures.Figure> figures, List<String> notExamined) {
    static final String PART = "rehearsal";

    /** Something wrong. */
    record Finding(String id, String summary, List<String> evidence) {}

    /** A phase and what was measured. */
    record Phase(String name, String meaning, double seconds) {}

    /** Empty if the run is no rehearsal, or did not come so far. */
    static Optional<Rehearsal> of(RunReport report) {
        Section part = report.part(PART);
        if (part.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Rehearsal(
                part.sections("findings").stream()
                        .map(finding -> new Finding(
                                finding.text("id").orElse(""),
                                finding.text("summary").orElse(""),
                                finding.texts("evidence")))
                        .toList(),
                part.sections("phases").stream()
                        .map(phase -> new Phase(
                                phase.text("name").orElse(""),
                                phase.text("meaning").orElse(""),
                                phase.number("seconds").map(Number::doubleValue).orElse(0.0)))
                        .toList(),
                figures(part),
                part.texts("notExamined")));
    }

    private static List<CopyFigures.Figure> figures(Section part) {
        List<CopyFigures.Figure> figures = new ArrayList<>();
        Section lag = part.section("standbyLag");
        if (!lag.isEmpty()) {
            figures.add(new CopyFigures.Figure(
                    "standby's lag",
                    "at most %s, %s (limit %s)"
                            .formatted(
                                    Words.size(lag.count("mostBytes")),
                                    Words.duration(seconds(lag, "mostSeconds")),
                                    Words.size(lag.count("limitBytes")))));
            figures.add(new CopyFigures.Figure("copying paused", Words.duration(seconds(lag, "pausedSeconds"))));
        }
        part.text("kept")
                .ifPresent(removal -> figures.add(new CopyFigures.Figure("copy kept", "remove it with: " + removal)));
        return figures;
    }

    private static double seconds(Section section, String name) {
        return section.number(name).map(Number::doubleValue).orElse(0.0);
    }

    /** Whether nothing wrong was found. */
    boolean isGood() {
        return findings.isEmpty();
    }

    /** The end in a few words, for a run that came to its end. */
    String title() {
        return isGood() ? "Rehearsed, nothing wrong" : "Rehearsed, %d found wrong".formatted(findings.size());
    }

    /** What that means. */
    String meaning(boolean kept) {
        return (isGood()
                        ? "The copy was promoted, took writes and passed every look."
                        : "Do not promote the standby before what was found is understood.")
                + (kept ? " The copy was kept." : " Nothing of the copy is left.");
    }
}
