package dev.understudy.report;

import dev.understudy.engine.Evidence;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A run as JSON. The names are a promise to scripts: add, never rename. */
public final class JsonReport {
    private JsonReport() {}

    public static String line(RunReport report) {
        return Json.line(tree(report));
    }

    public static String pretty(RunReport report) {
        return Json.pretty(tree(report)) + "\n";
    }

    private static Map<String, Object> tree(RunReport report) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("run", report.run());
        tree.put("playbook", report.playbook());
        tree.put("outcome", report.outcome().printed());
        tree.put("exitCode", report.exitCode());
        tree.put("startedAt", report.startedAt().truncatedTo(ChronoUnit.SECONDS));
        tree.put("seconds", report.seconds());
        tree.put("target", report.target());
        tree.put("steps", report.steps().stream().map(JsonReport::step).toList());
        tree.putAll(report.parts());
        tree.put("warnings", report.warnings());
        report.problem().ifPresent(problem -> tree.put("error", problem(problem)));
        if (!report.left().isEmpty()) {
            tree.put("left", report.left().stream().map(JsonReport::problem).toList());
        }
        tree.put("facts", report.facts());
        return tree;
    }

    private static Map<String, Object> step(StepReport step) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", step.name());
        tree.put("state", step.state().printed());
        tree.put("attempts", step.attempts());
        tree.put("seconds", step.seconds());
        tree.put("evidence", evidence(step.evidence()));
        step.problem().ifPresent(problem -> tree.put("error", problem(problem)));
        return tree;
    }

    private static List<Map<String, Object>> evidence(List<Evidence> evidence) {
        List<Map<String, Object>> lines = new ArrayList<>();
        for (Evidence seen : evidence) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("claim", seen.claim());
            line.put("source", seen.source());
            line.put("at", milliseconds(seen.at()));
            lines.add(line);
        }
        return lines;
    }

    private static Map<String, Object> problem(Problem problem) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("code", problem.code());
        tree.put("message", problem.message());
        tree.put("detail", problem.detail());
        tree.put("hints", problem.hints());
        return tree;
    }

    private static Instant milliseconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }
}
