package dev.understudy.promotion.check.wal;

import dev.understudy.doctor.finding.Sign;
import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.check.RecoverySettings;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import java.util.ArrayList;
import java.util.List;

/** A recovery target that would stop the standby before the end of its WAL. */
public final class RecoveryTargetCheck implements PromotionCheck {
    private static final String ID = "recovery-target";

    @Override
    public String id() {
        return ID;
    }

    private static final List<String> TARGETS = List.of(
            "recovery_target",
            "recovery_target_lsn",
            "recovery_target_name",
            "recovery_target_time",
            "recovery_target_xid");

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        CheckResult.Builder result = CheckResult.builder(ID);
        List<Sign> set = new ArrayList<>();
        for (String name : TARGETS) {
            Known<Sign> setting = RecoverySettings.find(facts, name);
            if (!setting.isKnown()) {
                return CheckResult.skipped(ID, setting.reason());
            }
            setting.value()
                    .filter(found -> !RecoverySettings.value(found).isEmpty())
                    .ifPresent(set::add);
        }
        set.forEach(sign -> result.seen(sign.source(), sign.detail()));
        return set.isEmpty()
                ? result.seen("recovery_target, _lsn, _name, _time, _xid", "not set")
                        .pass("There is no recovery target")
                : result.fail(
                        "A recovery target is set: recovery stops there and not at the end of the WAL",
                        "Clear it and restart the standby; do not resume replay, which could promote it");
    }
}
