package dev.understudy.report;

import dev.understudy.doctor.facts.Facts.NotExamined;
import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Sign;
import java.util.List;

/** A diagnosis for people: the cause, its evidence, the ways out, and what was not looked at. */
public final class DiagnosisText {
    private final Paint paint;
    private final StringBuilder text = new StringBuilder();

    private DiagnosisText(Paint paint) {
        this.paint = paint;
    }

    public static String render(Diagnosis diagnosis, Paint paint) {
        DiagnosisText text = new DiagnosisText(paint);
        text.verdict(diagnosis);
        for (Finding cause : diagnosis.causes()) {
            text.finding(cause, "");
            diagnosis.consequencesOf(cause).forEach(text::consequence);
            text.remedies(cause.remedies());
        }
        if (diagnosis.findings().isEmpty()) {
            text.signs(diagnosis.isHealthy() ? "It rests on:" : "What is known:", diagnosis.restsOn());
        }
        text.notExamined(diagnosis.notExamined());
        return text.text.toString();
    }

    private void verdict(Diagnosis diagnosis) {
        if (diagnosis.isHealthy()) {
            line(paint.green("Healthy."));
        } else if (diagnosis.findings().isEmpty()) {
            line(paint.red("No cause found.") + " The standby " + diagnosis.state() + ".");
        }
    }

    private void finding(Finding finding, String indent) {
        line(indent + paint.red(finding.severity() + ": ") + paint.bold(Printable.line(finding.summary()) + "."));
        line(indent + "  " + finding.id() + ", " + Printable.line(finding.subject()));
        finding.evidence().forEach(sign -> line(indent + "  - " + sign(sign)));
    }

    private void consequence(Finding finding) {
        line("  so also: " + Printable.line(finding.summary()) + " (" + finding.id() + ")");
    }

    private void remedies(List<Remedy> remedies) {
        if (!remedies.isEmpty()) {
            line("  Ways out, the cheapest first:");
        }
        for (Remedy remedy : remedies) {
            line("  * %s  (%s; costs %s%s)"
                    .formatted(
                            Printable.line(remedy.description()),
                            remedy.automatic() ? "--repair " + remedy.id() : remedy.id() + ", by hand",
                            remedy.cost(),
                            remedy.losesData() ? "; loses data" : ""));
            remedy.command().lines().forEach(command -> line("      " + Printable.line(command)));
        }
        line("");
    }

    private void signs(String heading, List<Sign> signs) {
        line(heading);
        signs.forEach(sign -> line("  - " + sign(sign)));
    }

    private void notExamined(List<NotExamined> missing) {
        if (!missing.isEmpty()) {
            line("Not examined:");
        }
        missing.forEach(each -> line("  - " + Printable.line(each.what()) + ": " + Printable.line(each.why())));
    }

    private static String sign(Sign sign) {
        return Printable.line(sign.source()) + ": " + Printable.line(sign.detail());
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
