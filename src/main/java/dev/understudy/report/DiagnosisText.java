package dev.understudy.report;

import dev.understudy.doctor.facts.Facts.NotExamined;
import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Sign;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A diagnosis for people: the cause, its evidence, the ways out, and what was not looked at. */
public final class DiagnosisText {
    /** Of what is read, in characters; commands are never broken. */
    private static final int WIDTH = 110;

    private static final String NOT_GIVEN = "no (\\S+) given";

    private final Paint paint;
    private final StringBuilder text = new StringBuilder();

    private DiagnosisText(Paint paint) {
        this.paint = paint;
    }

    public static String render(Diagnosis diagnosis, Paint paint) {
        DiagnosisText text = new DiagnosisText(paint);
        text.verdict(diagnosis);
        for (Finding cause : diagnosis.causes()) {
            text.finding(diagnosis, cause);
        }
        if (diagnosis.findings().isEmpty()) {
            text.signs(diagnosis.isHealthy() ? "It rests on:" : "What is known:", diagnosis.restsOn());
        }
        text.notExamined(diagnosis.notExamined());
        return text.text.toString();
    }

    private void verdict(Diagnosis diagnosis) {
        int causes = diagnosis.causes().size();
        if (diagnosis.isHealthy()) {
            line(paint.green("Healthy."));
        } else if (causes == 0) {
            line(paint.red("No cause found.") + " The standby " + diagnosis.state() + ".");
        } else if (causes > 1) {
            line(causes + " causes that do not follow from each other, the one to look at first in front:");
            line("");
        }
    }

    private void finding(Diagnosis diagnosis, Finding finding) {
        String severity = finding.severity() + ": ";
        List<String> summary = wrapped(Printable.line(finding.summary()) + ".", WIDTH - severity.length());
        line(paint.red(severity) + paint.bold(summary.get(0)));
        summary.stream().skip(1).forEach(more -> line(" ".repeat(severity.length()) + paint.bold(more)));
        line("  %s, %s".formatted(finding.id(), Printable.line(finding.subject())));
        line("  Evidence:");
        finding.evidence().forEach(sign -> item("  - ", sign(sign)));
        List<Finding> consequences = diagnosis.consequencesOf(finding);
        if (!consequences.isEmpty()) {
            line("  What follows from it:");
            consequences.forEach(each -> item("  - ", Printable.line(each.summary()) + " (" + each.id() + ")"));
        }
        remedies(finding.remedies());
        line("");
    }

    private void remedies(List<Remedy> remedies) {
        if (!remedies.isEmpty()) {
            line("  Ways out, the cheapest first:");
        }
        int number = 0;
        for (Remedy remedy : remedies) {
            number++;
            item("  " + number + ". ", Printable.line(remedy.description()));
            line("     %s; costs %s; %s"
                    .formatted(
                            remedy.automatic() ? "--repair " + remedy.id() : "by hand (" + remedy.id() + ")",
                            remedy.cost(),
                            remedy.losesData() ? paint.red("loses data") : "loses nothing"));
            remedy.command().lines().forEach(command -> line("       " + Printable.line(command)));
        }
    }

    private void signs(String heading, List<Sign> signs) {
        line(heading);
        signs.forEach(sign -> item("  - ", sign(sign)));
    }

    /** What was simply not given takes one line; what could not be seen, each one of its own. */
    private void notExamined(List<NotExamined> missing) {
        List<NotExamined> notGiven =
                missing.stream().filter(each -> each.why().matches(NOT_GIVEN)).toList();
        List<NotExamined> unseen =
                missing.stream().filter(each -> !notGiven.contains(each)).toList();
        if (!unseen.isEmpty()) {
            line("Not examined:");
        }
        unseen.forEach(each -> item("  - ", Printable.line(each.what()) + ": " + Printable.line(each.why())));
        if (!notGiven.isEmpty()) {
            line("Not given: "
                    + notGiven.stream()
                            .map(each -> each.why().replaceFirst(NOT_GIVEN, "$1"))
                            .collect(Collectors.joining(", ")));
        }
    }

    private static String sign(Sign sign) {
        return Printable.line(sign.source()) + ": " + Printable.line(sign.detail());
    }

    private void item(String mark, String content) {
        List<String> lines = wrapped(content, WIDTH - mark.length());
        line(mark + lines.get(0));
        lines.stream().skip(1).forEach(more -> line(" ".repeat(mark.length()) + more));
    }

    /** Broken at spaces; a word that is longer stays whole, so that a path can be copied. */
    private static List<String> wrapped(String content, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        for (String word : content.split(" ", -1)) {
            if (!current.isEmpty() && current.length() + 1 + word.length() > width) {
                lines.add(current.toString());
                current.setLength(0);
            }
            current.append(current.isEmpty() ? "" : " ").append(word);
        }
        lines.add(current.toString());
        return lines;
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
