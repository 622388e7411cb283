package dev.understudy.cli.run;

import dev.understudy.plan.Plan;
import dev.understudy.plan.StepKinds;
import dev.understudy.report.Paint;
import dev.understudy.report.Printable;
import dev.understudy.report.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A plan that was looked at, as text and as JSON. */
record PlanPrint(Plan plan, String target, List<PlanCheck> checks, List<PlannedStep> steps, List<String> warnings) {
    /** True if nothing stands in the way of a run, as far as looking can tell. */
    boolean isReady() {
        return failed() == 0 && steps.stream().allMatch(step -> step.problem().isEmpty());
    }

    private long failed() {
        return checks.stream()
                .filter(check -> check.result() == PlanCheck.Result.FAIL)
                .count();
    }

    Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("playbook", plan.name());
        tree.put("target", target);
        tree.put("ready", isReady());
        tree.put("checks", checks.stream().map(PlanPrint::tree).toList());
        tree.put("steps", steps.stream().map(PlanPrint::tree).toList());
        tree.put("warnings", warnings);
        return tree;
    }

    private static Map<String, Object> tree(PlanCheck check) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", check.id());
        tree.put("result", check.result().printed());
        tree.put("summary", check.summary());
        tree.put("detail", check.detail());
        tree.put("remedy", String.join(" ", check.remedies()));
        tree.put("grants", check.grants());
        return tree;
    }

    private static Map<String, Object> tree(PlannedStep step) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", step.name());
        tree.put("state", step.state());
        tree.put("intent", step.intent());
        step.problem().ifPresent(problem -> {
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("code", problem.code());
            error.put("message", problem.message());
            error.put("detail", problem.detail());
            error.put("hints", problem.hints());
            tree.put("error", error);
        });
        return tree;
    }

    List<String> lines(Paint paint) {
        List<String> lines = new ArrayList<>();
        lines.add(paint.bold("Plan " + Printable.line(plan.name())) + ": " + Printable.line(plan.description()));
        lines.add("Target: " + Printable.line(target));
        addChecks(lines, paint);
        addSteps(lines, paint);
        warnings.forEach(warning -> lines.add(paint.yellow("!") + " " + Printable.line(warning)));
        lines.add("");
        lines.add(conclusion(paint));
        return lines;
    }

    private void addChecks(List<String> lines, Paint paint) {
        if (checks.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(paint.bold("Checks"));
        int width = checks.stream().mapToInt(check -> check.id().length()).max().orElse(0);
        for (PlanCheck check : checks) {
            lines.add("  %s %s  %s"
                    .formatted(mark(check.result(), paint), pad(check.id(), width), Printable.line(check.summary())));
            if (check.result() == PlanCheck.Result.PASS || check.result() == PlanCheck.Result.SKIPPED) {
                continue;
            }
            addDetails(lines, check.detail(), check.remedies());
            check.grants().forEach(grant -> lines.add("        " + Printable.line(grant)));
        }
    }

    private void addSteps(List<String> lines, Paint paint) {
        lines.add("");
        lines.add(paint.bold("Steps"));
        int width = steps.stream().mapToInt(step -> step.name().length()).max().orElse(0);
        for (PlannedStep step : steps) {
            String mark = step.problem().isPresent()
                    ? paint.red("✗")
                    : step.state().equals("satisfied") ? paint.green("✓") : "·";
            lines.add("  %s %s  %s"
                    .formatted(mark, pad(step.name(), width), Printable.line(step.intent()))
                    .stripTrailing());
            // The checks above have said already what the preflight finds wrong.
            step.problem()
                    .filter(problem -> checks.isEmpty() || !step.name().equals(StepKinds.PREFLIGHT))
                    .ifPresent(problem -> addProblem(lines, problem, paint));
        }
    }

    private static void addProblem(List<String> lines, Problem problem, Paint paint) {
        lines.add("        " + paint.red("error: ") + Printable.line(problem.message()));
        addDetails(lines, problem.detail(), problem.hints());
    }

    private static void addDetails(List<String> lines, String detail, List<String> hints) {
        if (!detail.isEmpty()) {
            lines.add("        DETAIL:  " + Printable.lines(detail).replace("\n", "\n          "));
        }
        hints.forEach(
                hint -> lines.add("        HINT:  " + Printable.lines(hint).replace("\n", "\n          ")));
    }

    private String conclusion(Paint paint) {
        if (isReady()) {
            return paint.green("Nothing stands in the way.") + " Nothing was changed.";
        }
        String counted =
                failed() == 0 ? "A step cannot be done." : "%d of %d checks failed.".formatted(failed(), checks.size());
        return paint.red(counted) + " Nothing was changed.";
    }

    private static String mark(PlanCheck.Result result, Paint paint) {
        return switch (result) {
            case PASS -> paint.green("✓");
            case WARN -> paint.yellow("!");
            case FAIL -> paint.red("✗");
            case SKIPPED -> paint.dim("-");
        };
    }

    private static String pad(String word, int width) {
        return word + " ".repeat(Math.max(0, width - word.length()));
    }
}
