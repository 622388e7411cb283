package dev.understudy.report;

import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Sign;
import java.util.LinkedHashMap;
import java.util.Map;

/** A diagnosis as one HTML page that needs nothing else. */
public final class DiagnosisHtml {
    private DiagnosisHtml() {}

    public static String render(Diagnosis diagnosis) {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("title", title(diagnosis));
        model.put("tone", diagnosis.isHealthy() ? "good" : diagnosis.findings().isEmpty() ? "warn" : "bad");
        model.put("symbol", diagnosis.isHealthy() ? "✓" : diagnosis.findings().isEmpty() ? "?" : "!");
        model.put("examined", Words.moment(diagnosis.examinedAt()));
        model.put(
                "causes",
                diagnosis.causes().stream()
                        .map(cause -> cause(diagnosis, cause))
                        .toList());
        model.put("signs", diagnosis.restsOn().stream().map(DiagnosisHtml::sign).toList());
        model.put(
                "missing",
                diagnosis.notExamined().stream()
                        .map(each -> Map.of("what", Printable.line(each.what()), "why", Printable.line(each.why())))
                        .toList());
        return Templates.render("diagnosis.html.ftl", model);
    }

    private static String title(Diagnosis diagnosis) {
        if (diagnosis.isHealthy()) {
            return "Healthy";
        }
        return diagnosis.findings().isEmpty()
                ? "No cause found"
                : Printable.line(diagnosis.findings().get(0).summary());
    }

    private static Map<String, Object> cause(Diagnosis diagnosis, Finding cause) {
        Map<String, Object> model = finding(cause);
        model.put(
                "consequences",
                diagnosis.consequencesOf(cause).stream()
                        .map(DiagnosisHtml::finding)
                        .toList());
        model.put(
                "remedies", cause.remedies().stream().map(DiagnosisHtml::remedy).toList());
        return model;
    }

    private static Map<String, Object> finding(Finding finding) {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("id", finding.id());
        model.put("severity", finding.severity().toString());
        model.put("subject", Printable.line(finding.subject()));
        model.put("summary", Printable.line(finding.summary()));
        model.put(
                "evidence", finding.evidence().stream().map(DiagnosisHtml::sign).toList());
        return model;
    }

    private static Map<String, String> sign(Sign sign) {
        return Map.of("source", Printable.line(sign.source()), "detail", Printable.line(sign.detail()));
    }

    private static Map<String, Object> remedy(Remedy remedy) {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("id", remedy.id());
        model.put("description", Printable.line(remedy.description()));
        model.put("command", Printable.lines(remedy.command()));
        model.put("cost", remedy.cost().toString());
        model.put("how", remedy.automatic() ? "--repair " + remedy.id() : "by hand");
        model.put("losesData", remedy.losesData());
        return model;
    }
}
