package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.rule.Reseed;
import dev.understudy.doctor.rule.Rule;
import java.util.List;

/** Tables that have lost their end: what is left is sound, and every query of the standby answers without what is gone. */
public final class RelationCutShortRule implements Rule {
    private static final String ID = "relation-cut-short";
    private static final int SHOWN = 5;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        List<String> tables = facts.cutShort().orElse(List.of());
        if (tables.isEmpty()) {
            return List.of();
        }
        Builder finding = Finding.error(ID, "standby");
        tables.stream()
                .limit(SHOWN)
                .forEach(table -> finding.seen("the primary's rows against the standby's files", table));
        return List.of(finding.remedy(Reseed.remedy(facts))
                .says(
                        tables.size() == 1
                                ? "A table of the standby ends before rows that the primary has"
                                : "%d tables of the standby end before rows that the primary has"
                                        .formatted(tables.size())));
    }
}
