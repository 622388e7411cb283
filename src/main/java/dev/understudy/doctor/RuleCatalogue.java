package dev.understudy.doctor;

import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.backup.BackupAbortedRule;
import dev.understudy.doctor.rule.backup.BackupNeverStoppedRule;
import java.util.List;

/** All rules, by id. Each has its section in the documentation and its tests. */
public final class RuleCatalogue {
    private static final List<Rule> ALL = List.of(new BackupAbortedRule(), new BackupNeverStoppedRule());

    private RuleCatalogue() {}

    public static List<Rule> all() {
        return ALL;
    }
}
