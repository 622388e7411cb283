package dev.understudy.report;

import dev.understudy.promotion.Certificate;
import dev.understudy.promotion.Verdict;
import dev.understudy.promotion.check.CheckResult;
import java.util.LinkedHashMap;
import java.util.Map;

/** A verdict as JSON. The names are a promise to scripts: add, never rename. */
public final class PromotionJson {
    private PromotionJson() {}

    public static String pretty(Verdict verdict) {
        return Json.pretty(tree(verdict)) + "\n";
    }

    private static Map<String, Object> tree(Verdict verdict) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("go", verdict.isGo());
        Certificate certificate = verdict.certificate();
        tree.put("examinedAt", certificate.examinedAt());
        tree.put("standby", certificate.standby());
        tree.put("host", certificate.host());
        certificate.primary().ifPresent(primary -> tree.put("primary", primary));
        tree.putAll(certificate.values());
        tree.put("checks", verdict.checks().stream().map(PromotionJson::check).toList());
        return tree;
    }

    private static Map<String, Object> check(CheckResult check) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", check.id());
        tree.put("result", check.result().toString());
        tree.put("summary", check.summary());
        tree.put(
                "evidence",
                check.evidence().stream()
                        .map(sign -> {
                            Map<String, Object> each = new LinkedHashMap<>();
                            each.put("source", sign.source());
                            each.put("detail", sign.detail());
                            return each;
                        })
                        .toList());
        tree.put("remedy", check.remedy());
        if (!check.figures().isEmpty()) {
            tree.put("figures", check.figures());
        }
        return tree;
    }
}
