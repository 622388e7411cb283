package dev.understudy.promotion.check.settings;

import dev.understudy.doctor.facts.ConfiguredSetting;
import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What recovery leaves in the way of a primary: signal files that a promotion does not take away, commands that run during
 * it or no more after it, the file that would promote the standby by itself.
 */
public final class LeftoversCheck implements PromotionCheck {
    private static final String ID = "leftovers";
    private static final String CLEANUP = "archive_cleanup_command";
    private static final String END = "recovery_end_command";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(ID, facts.settings().standby(), standby -> judge(facts, standby));
    }

    private static CheckResult judge(PromotionFacts facts, Map<String, Setting> standby) {
        CheckResult.Builder result = CheckResult.builder(ID);
        List<String> left = new ArrayList<>();
        List<String> remedies = new ArrayList<>();
        boolean bothSignals = facts.directory()
                .value()
                .filter(found -> found.has(DirectoryFacts.RECOVERY_SIGNAL) && found.has(DirectoryFacts.STANDBY_SIGNAL))
                .isPresent();
        result.seen(
                "data directory",
                facts.directory()
                        .match(
                                found -> bothSignals ? "standby.signal and recovery.signal" : "one signal file at most",
                                reason -> "not looked at: " + reason));
        if (bothSignals) {
            return result.fail(
                    "recovery.signal lies beside standby.signal: a promotion leaves it, and the next start of the new"
                            + " primary would recover from the archive",
                    "On the standby's host, now: rename recovery.signal");
        }
        for (String name : List.of(END, CLEANUP)) {
            String command = recovery(facts, standby, name);
            if (!command.isEmpty()) {
                result.seen(name, command);
                left.add(name);
                remedies.add(
                        name.equals(END)
                                ? "Make sure that recovery_end_command may run during the promotion"
                                : "After the promotion nothing cleans the archive by archive_cleanup_command: have something"
                                        + " else do it");
            }
        }
        if (facts.settings()
                .triggerFile()
                .value()
                .filter(found -> found.isPresent())
                .isPresent()) {
            boolean there = facts.settings().triggerFile().is(Optional.of(true));
            result.seen("trigger file", there ? "it is there" : "it is not there");
            left.add(standby.containsKey("promote_trigger_file") ? "promote_trigger_file" : "trigger_file");
            remedies.add("A file of that name promotes the standby: let nothing but you make it");
        }
        return left.isEmpty()
                ? result.pass(
                        "No recovery command, trigger file or signal file is left that the new primary would feel")
                : result.warn("Recovery settings are left: " + String.join(", ", left), String.join(". ", remedies));
    }

    /** Up to 11 such settings are in recovery.conf, of which SQL knows nothing. */
    private static String recovery(PromotionFacts facts, Map<String, Setting> standby, String name) {
        return standby.containsKey(name)
                ? Compared.text(standby, name)
                : facts.directory()
                        .value()
                        .flatMap(found -> found.setting(name))
                        .map(ConfiguredSetting::value)
                        .orElse("");
    }
}
