package dev.understudy.report;

import dev.understudy.doctor.finding.Sign;
import dev.understudy.promotion.Verdict;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.Result;

/** A verdict for people: go or no-go, what stands in the way first, then the rest in the catalogue's order. */
public final class PromotionText {
    private final Paint paint;
    private final StringBuilder text = new StringBuilder();

    private PromotionText(Paint paint) {
        this.paint = paint;
    }

    public static String render(Verdict verdict, Paint paint) {
        PromotionText text = new PromotionText(paint);
        text.verdict(verdict);
        verdict.of(Result.FAIL).forEach(text::inFull);
        verdict.of(Result.WARN).forEach(text::inFull);
        text.heading("Passed:", verdict.count(Result.PASS));
        verdict.of(Result.PASS).forEach(text::inOneLine);
        text.heading("Skipped:", verdict.count(Result.SKIPPED));
        verdict.of(Result.SKIPPED).forEach(text::inOneLine);
        return text.text.toString();
    }

    /** The sentence that says it all; the other renderings begin with it too. */
    static String sentence(Verdict verdict) {
        return "%s: %d failed, %d to know of, %d passed, %d skipped"
                .formatted(
                        verdict.isGo() ? "Go" : "No-go",
                        verdict.count(Result.FAIL),
                        verdict.count(Result.WARN),
                        verdict.count(Result.PASS),
                        verdict.count(Result.SKIPPED));
    }

    private void verdict(Verdict verdict) {
        line(verdict.isGo() ? paint.green(sentence(verdict)) : paint.red(sentence(verdict)));
        line("  standby %s, at %s"
                .formatted(
                        Printable.line(verdict.certificate().standby()),
                        Words.moment(verdict.certificate().examinedAt())));
        line("");
    }

    private void inFull(CheckResult check) {
        boolean failed = check.result() == Result.FAIL;
        line((failed ? paint.red("fail: ") : paint.yellow("warn: "))
                + paint.bold(Printable.line(check.summary()) + "."));
        line("  " + check.id());
        check.evidence().forEach(sign -> line("  - " + sign(sign)));
        check.remedy().lines().forEach(remedy -> line("  * " + Printable.line(remedy)));
        line("");
    }

    private void heading(String heading, long count) {
        if (count > 0) {
            line(heading);
        }
    }

    private void inOneLine(CheckResult check) {
        line("  %s  %s".formatted(check.id(), Printable.line(check.summary())));
    }

    private static String sign(Sign sign) {
        return Printable.line(sign.source()) + ": " + Printable.line(sign.detail());
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
