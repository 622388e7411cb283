package dev.understudy.doctor;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import java.util.ArrayList;
import java.util.List;

/** Makes a diagnosis of facts: all rules, then which finding causes which. */
public final class Doctor {
    private Doctor() {}

    public static Diagnosis examine(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        for (Rule rule : RuleCatalogue.all()) {
            findings.addAll(rule.examine(facts));
        }
        return new Diagnosis(
                facts.examinedAt(),
                Standing.of(facts),
                Causes.order(findings, View.slotName(facts)),
                Standing.signs(facts),
                facts.notExamined());
    }
}
