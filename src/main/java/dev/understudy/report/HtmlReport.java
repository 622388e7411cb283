package dev.understudy.report;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A run as one HTML page that needs nothing else: no script, no font, no picture from anywhere. */
public final class HtmlReport {
    /** No bar on the time line is narrower than this many percent, or nobody would see it. */
    private static final double NARROWEST_BAR = 0.4;

    private HtmlReport() {}

    public static String render(RunReport report) {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("title", Words.title(report));
        model.put("meaning", Words.meaning(report));
        boolean bad = report.outcome() == Outcome.DONE
                && !Rehearsal.of(report).map(Rehearsal::isGood).orElse(true);
        model.put("tone", bad ? "bad" : tone(report.outcome()));
        model.put("symbol", bad ? "✗" : symbol(report.outcome()));
        model.put("run", Printable.line(report.run()));
        model.put("playbook", Printable.line(report.playbook()));
        model.put("target", Printable.line(report.target()));
        model.put("started", Words.moment(report.startedAt()));
        model.put("took", Words.duration(report.seconds()));
        model.put("exitCode", report.exitCode());
        model.put("problems", problems(report));
        model.put("warnings", report.warnings().stream().map(Printable::lines).toList());
        model.put("proof", Proof.rows(report).stream().map(HtmlReport::proofRow).toList());
        model.put("ruler", LsnRuler.marks(report).stream().map(HtmlReport::mark).toList());
        model.put("steps", steps(report));
        model.put(
                "rehearsal",
                Rehearsal.of(report)
                        .map(part -> rehearsal(part, report.outcome() == Outcome.DONE))
                        .orElse(Map.of()));
        model.put("copy", copy(report));
        model.put("facts", facts(report));
        return Templates.render("report.html.ftl", model);
    }

    private static String tone(Outcome outcome) {
        return switch (outcome) {
            case PROVEN, DONE -> "good";
            case REFUSED, UNDONE, INTERRUPTED -> "warn";
            case LEFT -> "bad";
            case RUNNING -> "busy";
        };
    }

    private static String symbol(Outcome outcome) {
        return switch (outcome) {
            case PROVEN, DONE -> "✓";
            case REFUSED -> "⊘";
            case UNDONE -> "↶";
            case INTERRUPTED -> "‖";
            case LEFT -> "!";
            case RUNNING -> "…";
        };
    }

    private static List<Map<String, Object>> problems(RunReport report) {
        List<Problem> problems = new ArrayList<>();
        report.problem().ifPresent(problems::add);
        problems.addAll(report.left());
        return problems.stream().map(HtmlReport::problem).toList();
    }

    private static Map<String, Object> problem(Problem problem) {
        return Map.of(
                "code", Printable.line(problem.code()),
                "message", Printable.lines(problem.message()),
                "detail", Printable.lines(problem.detail()),
                "hints", problem.hints().stream().map(Printable::lines).toList());
    }

    private static Map<String, Object> proofRow(ProofRow row) {
        return Map.of(
                "part", Printable.line(row.part()),
                "mark",
                        Map.of(
                                "kind",
                                row.mark().name(),
                                "sign",
                                row.mark().sign(),
                                "words",
                                row.mark().words()),
                "claim", Printable.line(row.claim()),
                "source", Printable.line(row.source()));
    }

    private static Map<String, Object> mark(LsnRuler.Mark mark) {
        return Map.of(
                "number", mark.number(),
                "lsn", mark.lsn().toString(),
                "names", String.join(", ", mark.names()),
                "percent", percent(mark.percent()),
                "row", mark.row(),
                "distance", mark.bytesFromStart() == 0 ? "" : "+ " + Words.size(mark.bytesFromStart()));
    }

    private static List<Map<String, Object>> steps(RunReport report) {
        double scale = report.seconds() > 0 ? 100 / report.seconds() : 0;
        List<Map<String, Object>> steps = new ArrayList<>();
        for (StepReport step : report.steps()) {
            double left = Math.min(step.startSeconds() * scale, 100 - NARROWEST_BAR);
            double width = Math.min(Math.max(step.seconds() * scale, NARROWEST_BAR), 100 - left);
            Map<String, Object> model = new LinkedHashMap<>();
            model.put("name", Printable.line(step.name()));
            model.put("state", step.state().printed());
            model.put("mark", step.state().mark());
            model.put("attempts", step.attempts());
            model.put("seconds", step.attempts() == 0 ? "" : Words.duration(step.seconds()));
            model.put("begun", step.attempts() > 0);
            model.put("left", percent(left));
            model.put("width", percent(width));
            model.put(
                    "evidence",
                    step.evidence().stream().map(HtmlReport::evidence).toList());
            model.put(
                    "problems",
                    step.problem().stream()
                            .filter(problem -> !report.isShownFirst(problem))
                            .map(HtmlReport::problem)
                            .toList());
            steps.add(model);
        }
        return steps;
    }

    private static Map<String, Object> evidence(Evidence evidence) {
        return Map.of(
                "claim", Printable.lines(evidence.claim()),
                "source", Printable.line(evidence.source()),
                "at", Words.clock(evidence.at()));
    }

    private static List<Map<String, Object>> copy(RunReport report) {
        return CopyFigures.of(report.part(RunReport.COPY)).stream()
                .map(figure -> Map.<String, Object>of("name", figure.name(), "value", Printable.line(figure.value())))
                .toList();
    }

    private static Map<String, Object> rehearsal(Rehearsal rehearsal, boolean finished) {
        double longest = rehearsal.phases().stream()
                .mapToDouble(Rehearsal.Phase::seconds)
                .max()
                .orElse(0);
        return Map.of(
                "finished",
                finished,
                "findings",
                rehearsal.findings().stream()
                        .map(finding -> Map.of(
                                "id", Printable.line(finding.id()),
                                "summary", Printable.lines(finding.summary()),
                                "evidence",
                                        finding.evidence().stream()
                                                .map(Printable::lines)
                                                .toList()))
                        .toList(),
                "phases",
                rehearsal.phases().stream()
                        .map(phase -> Map.of(
                                "name", Printable.line(phase.name()),
                                "meaning", Printable.line(phase.meaning()),
                                "took", Words.duration(phase.seconds()),
                                "width",
                                        percent(
                                                longest > 0
                                                        ? Math.max(NARROWEST_BAR, phase.seconds() / longest * 100)
                                                        : NARROWEST_BAR)))
                        .toList(),
                "figures",
                rehearsal.figures().stream()
                        .map(figure -> Map.of("name", figure.name(), "value", Printable.line(figure.value())))
                        .toList(),
                "notExamined",
                rehearsal.notExamined().stream().map(Printable::lines).toList());
    }

    private static List<Map<String, Object>> facts(RunReport report) {
        return report.facts().entrySet().stream()
                .map(fact -> Map.<String, Object>of(
                        "name", Printable.line(fact.getKey()), "value", Printable.lines(fact.getValue())))
                .toList();
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
