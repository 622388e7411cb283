package dev.understudy.report;

import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Sign;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A diagnosis as JSON. The names are a promise to scripts: add, never rename. */
public final class DiagnosisJson {
    private DiagnosisJson() {}

    public static String pretty(Diagnosis diagnosis) {
        return Json.pretty(tree(diagnosis)) + "\n";
    }

    /** All on one line, for one look of several. */
    public static String line(Diagnosis diagnosis) {
        return Json.line(tree(diagnosis));
    }

    private static Map<String, Object> tree(Diagnosis diagnosis) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("healthy", diagnosis.isHealthy());
        tree.put("examinedAt", diagnosis.examinedAt());
        tree.put("state", diagnosis.state().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        tree.put(
                "findings",
                diagnosis.findings().stream().map(DiagnosisJson::finding).toList());
        tree.put("restsOn", signs(diagnosis.restsOn()));
        tree.put(
                "notExamined",
                diagnosis.notExamined().stream()
                        .map(missing -> {
                            Map<String, Object> each = new LinkedHashMap<>();
                            each.put("what", missing.what());
                            each.put("why", missing.why());
                            return each;
                        })
                        .toList());
        return tree;
    }

    private static Map<String, Object> finding(Finding finding) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", finding.id());
        tree.put("severity", finding.severity().toString());
        tree.put("subject", finding.subject());
        tree.put("summary", finding.summary());
        finding.followsFrom().ifPresent(cause -> tree.put("followsFrom", cause));
        tree.put("evidence", signs(finding.evidence()));
        tree.put(
                "remedies",
                finding.remedies().stream().map(DiagnosisJson::remedy).toList());
        return tree;
    }

    private static List<Map<String, Object>> signs(List<Sign> signs) {
        return signs.stream()
                .map(sign -> {
                    Map<String, Object> each = new LinkedHashMap<>();
                    each.put("source", sign.source());
                    each.put("detail", sign.detail());
                    return each;
                })
                .toList();
    }

    private static Map<String, Object> remedy(Remedy remedy) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", remedy.id());
        tree.put("description", remedy.description());
        tree.put("command", remedy.command());
        tree.put("automatic", remedy.automatic());
        tree.put("losesData", remedy.losesData());
        tree.put("cost", remedy.cost().toString());
        return tree;
    }
}
