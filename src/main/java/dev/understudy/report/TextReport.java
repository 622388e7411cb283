package dev.understudy.report;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A run as text for a terminal or a mail: the outcome first, then what shows it. */
public final class TextReport {
    private final RunReport report;
    private final Paint paint;
    private final StringBuilder text = new StringBuilder();

    private TextReport(RunReport report, Paint paint) {
        this.report = report;
        this.paint = paint;
    }

    /** The whole report, each line ended. */
    public static String render(RunReport report, Paint paint) {
        TextReport rendering = new TextReport(report, paint);
        rendering.outcome();
        rendering.problems(problem -> false);
        rendering.summary();
        rendering.steps();
        rendering.facts();
        return rendering.text.toString();
    }

    /**
     * Outcome, warnings, proof and copy: what is shown when a run ends and its steps were seen already, with the errors
     * they failed with.
     */
    public static String renderEnd(RunReport report, Paint paint) {
        TextReport rendering = new TextReport(report, paint);
        rendering.outcome();
        rendering.problems(problem -> report.steps().stream()
                .anyMatch(step -> step.problem().filter(problem::equals).isPresent()));
        rendering.summary();
        return rendering.text.toString();
    }

    private void outcome() {
        String title = Words.title(report) + ".";
        boolean bad = report.outcome() == Outcome.DONE
                && !Rehearsal.of(report).map(Rehearsal::isGood).orElse(true);
        line((bad ? paint.red(title) : paint.outcome(report.outcome(), title)) + " " + Words.meaning(report));
    }

    /** What is left is named again, since the last lines are those that people read. */
    private void problems(Predicate<Problem> seen) {
        report.problem().filter(seen.negate()).ifPresent(problem -> problem(problem, "  "));
        for (Problem left : report.left()) {
            if (seen.test(left)) {
                line("  " + paint.red("left: ") + indented(left.message(), "  "));
            } else {
                problem(left, "  ");
            }
        }
    }

    private void summary() {
        line("");
        table(List.of(
                List.of("run", report.run()),
                List.of("playbook", report.playbook()),
                List.of("target", report.target()),
                List.of("started", Words.moment(report.startedAt())),
                List.of("took", Words.duration(report.seconds()))));
        warnings();
        proof();
        Rehearsal.of(report).ifPresent(this::rehearsal);
        copy();
    }

    private void rehearsal(Rehearsal rehearsal) {
        heading("Rehearsal");
        for (Rehearsal.Finding finding : rehearsal.findings()) {
            line("  " + paint.red("✗ " + Printable.line(finding.id())) + "  " + indented(finding.summary(), "    "));
            finding.evidence().forEach(seen -> line("      " + indented(seen, "      ")));
        }
        table(rehearsal.phases().stream()
                .map(phase ->
                        List.of(phase.name(), "%10s  %s".formatted(Words.duration(phase.seconds()), phase.meaning())))
                .toList());
        table(rehearsal.figures().stream()
                .map(figure -> List.of(figure.name(), figure.value()))
                .toList());
        rehearsal.notExamined().forEach(what -> line("  – not examined: " + indented(what, "    ")));
    }

    private void problem(Problem problem, String indent) {
        line(indent + paint.red("error: ") + indented(problem.message(), indent));
        if (!problem.detail().isEmpty()) {
            line(indent + "DETAIL:  " + indented(problem.detail(), indent));
        }
        problem.hints().forEach(hint -> line(indent + "HINT:  " + indented(hint, indent)));
    }

    private void warnings() {
        if (report.warnings().isEmpty()) {
            return;
        }
        heading("Warnings");
        report.warnings().forEach(warning -> line("  " + paint.yellow("!") + " " + indented(warning, "    ")));
    }

    private void proof() {
        List<ProofRow> rows = Proof.rows(report);
        if (rows.isEmpty()) {
            return;
        }
        heading("Proof");
        int width = rows.stream().mapToInt(row -> row.part().length()).max().orElse(0);
        for (ProofRow row : rows) {
            String mark = switch (row.mark()) {
                case HOLDS -> paint.green(row.mark().sign());
                case FAILS -> paint.red(row.mark().sign());
                case NOT_EXAMINED -> row.mark().sign();
            };
            line("  %s %s  %s%s"
                    .formatted(mark, pad(row.part(), width), Printable.line(row.claim()), source(row.source())));
        }
    }

    private void copy() {
        Section copy = report.part(RunReport.COPY);
        if (copy.isEmpty()) {
            return;
        }
        heading("Copy");
        table(CopyFigures.of(copy).stream()
                .map(figure -> List.of(figure.name(), figure.value()))
                .toList());
    }

    private void steps() {
        heading("Steps");
        int width = report.steps().stream()
                .mapToInt(step -> step.name().length())
                .max()
                .orElse(0);
        for (StepReport step : report.steps()) {
            line("  %s %s  %s"
                    .formatted(paint.mark(step.state()), pad(step.name(), width), stepWords(step))
                    .stripTrailing());
            step.evidence().forEach(this::evidence);
            step.problem()
                    .filter(problem -> !report.isShownFirst(problem))
                    .ifPresent(problem -> problem(problem, "      "));
        }
    }

    private static String stepWords(StepReport step) {
        List<String> words = new ArrayList<>();
        if (step.state() != StepState.PENDING) {
            words.add("%10s".formatted(Words.duration(step.seconds())));
        }
        if (step.state() != StepState.VERIFIED) {
            words.add(step.state().printed());
        }
        if (step.attempts() > 1) {
            words.add("%d attempts".formatted(step.attempts()));
        }
        return String.join("  ", words);
    }

    private void evidence(Evidence evidence) {
        line("      " + indented(evidence.claim(), "      ") + source(evidence.source()));
    }

    private String source(String source) {
        return source.isEmpty() ? "" : "  " + paint.dim("[" + Printable.line(source) + "]");
    }

    private void facts() {
        if (report.facts().isEmpty()) {
            return;
        }
        heading("Facts");
        table(report.facts().entrySet().stream()
                .map((Map.Entry<String, String> fact) -> List.of(fact.getKey(), fact.getValue()))
                .toList());
    }

    private void heading(String title) {
        line("");
        line(paint.bold(title));
    }

    private void table(List<List<String>> rows) {
        int width = rows.stream().mapToInt(row -> row.get(0).length()).max().orElse(0);
        rows.stream()
                .filter(row -> !row.get(1).isEmpty())
                .forEach(row ->
                        line("  " + pad(row.get(0), width) + "  " + indented(row.get(1), " ".repeat(width + 4))));
    }

    private void line(String content) {
        text.append(content).append('\n');
    }

    private static String pad(String word, int width) {
        return Printable.line(word) + " ".repeat(Math.max(0, width - word.length()));
    }

    /** Nothing that was read from elsewhere may draw on the terminal or pretend to be another line. */
    private static String indented(String words, String indent) {
        return Printable.lines(words).replace("\n", "\n" + indent + "  ");
    }
}
