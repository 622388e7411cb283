package dev.understudy.report;

import dev.understudy.promotion.Certificate;
import dev.understudy.promotion.Verdict;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A verdict as a certificate: one HTML page that needs nothing else. */
public final class PromotionHtml {
    /** Names of a certificate's values, for people. */
    private static final Map<String, String> NAMES = Map.of(
            "systemIdentifier", "System identifier",
            "version", "PostgreSQL",
            "timeline", "Timeline",
            "receivedLsn", "Received up to",
            "replayedLsn", "Replayed up to",
            "primaryLsn", "Primary's WAL ends at");

    private PromotionHtml() {}

    public static String render(Verdict verdict) {
        Certificate certificate = verdict.certificate();
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("title", PromotionText.sentence(verdict));
        model.put("word", verdict.isGo() ? "Go" : "No-go");
        model.put("meaning", meaning(verdict));
        model.put("tone", tone(verdict));
        model.put("symbol", verdict.isGo() ? "✓" : "✗");
        model.put("examined", Words.moment(certificate.examinedAt()));
        Map<String, String> about = new LinkedHashMap<>();
        about.put("Standby", Printable.line(certificate.standby()));
        about.put("Host", Printable.line(certificate.host()));
        certificate.primary().ifPresent(primary -> about.put("Primary", Printable.line(primary)));
        certificate.values().forEach((name, value) -> about.put(NAMES.getOrDefault(name, name), Printable.line(value)));
        model.put("about", about);
        model.put("tally", tally(verdict));
        model.put("failed", checks(verdict, Result.FAIL));
        model.put("warned", checks(verdict, Result.WARN));
        model.put("passed", checks(verdict, Result.PASS));
        model.put("skipped", checks(verdict, Result.SKIPPED));
        return Templates.render("promotion.html.ftl", model);
    }

    private static String tone(Verdict verdict) {
        if (!verdict.isGo()) {
            return "bad";
        }
        return verdict.count(Result.WARN) > 0 ? "warn" : "good";
    }

    private static String meaning(Verdict verdict) {
        if (!verdict.isGo()) {
            return "Something stands in the way of promoting this standby.";
        }
        return verdict.count(Result.WARN) > 0
                ? "Nothing stands in the way of promoting this standby; there are things to know of."
                : "Nothing stands in the way of promoting this standby.";
    }

    private static List<Map<String, String>> tally(Verdict verdict) {
        return List.of(
                kind(verdict, Result.FAIL, "failed", "bad"),
                kind(verdict, Result.WARN, "to know of", "warn"),
                kind(verdict, Result.PASS, "passed", "good"),
                kind(verdict, Result.SKIPPED, "not looked at", "plain"));
    }

    private static Map<String, String> kind(Verdict verdict, Result result, String name, String tone) {
        long count = verdict.count(result);
        return Map.of("count", Long.toString(count), "name", name, "tone", count == 0 ? "plain" : tone);
    }

    private static List<Map<String, Object>> checks(Verdict verdict, Result result) {
        return verdict.of(result).stream().map(PromotionHtml::check).toList();
    }

    private static Map<String, Object> check(CheckResult check) {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("id", check.id());
        model.put("result", check.result().toString());
        model.put("summary", Printable.line(check.summary()));
        model.put(
                "evidence",
                check.evidence().stream()
                        .map(sign -> Map.of(
                                "source", Printable.line(sign.source()), "detail", Printable.line(sign.detail())))
                        .toList());
        model.put("remedy", Printable.lines(check.remedy()));
        return model;
    }
}
