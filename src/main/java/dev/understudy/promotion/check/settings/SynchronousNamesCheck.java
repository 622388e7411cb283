package dev.understudy.promotion.check.settings;

import dev.understudy.doctor.facts.ServerView;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.ReplicationFacts.WalSender;
import dev.understudy.server.facts.Setting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A synchronous_standby_names under which commits return: enough of its standbys follow, or it is empty. */
public final class SynchronousNamesCheck implements PromotionCheck {
    private static final String ID = "synchronous-names";
    private static final String SETTING = "synchronous_standby_names";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID, facts.standby(), facts.settings().standby(), (view, settings) -> judge(facts, view, settings));
    }

    private static CheckResult judge(PromotionFacts facts, ServerView standby, Map<String, Setting> settings) {
        SynchronousNames names = SynchronousNames.parse(Compared.text(settings, SETTING));
        String there = facts.settings()
                .primary()
                .value()
                .map(found -> Compared.text(found, SETTING))
                .orElse("");
        CheckResult.Builder result = CheckResult.builder(ID)
                .seen(
                        "pg_settings." + SETTING,
                        "'%s' here%s"
                                .formatted(
                                        Compared.text(settings, SETTING),
                                        facts.settings().primary().isKnown()
                                                ? ", '" + there + "' on the primary"
                                                : ""));
        if (names.required() == 0) {
            return there.isEmpty()
                    ? result.pass("The new primary would wait for no standby")
                    : result.warn(
                            "Commits are synchronous on the primary and would not be on the new one",
                            "After the promotion, once a standby follows: ALTER SYSTEM SET %s = '%s'; SELECT"
                                            .formatted(SETTING, there.replace("'", "''"))
                                    + " pg_reload_conf();");
        }
        String commit = Compared.text(settings, "synchronous_commit");
        if (commit.equals("off") || commit.equals("local")) {
            return result.seen("pg_settings.synchronous_commit", commit)
                    .pass("Commits wait for no standby, since synchronous_commit is " + commit);
        }
        return count(result, names, facts, standby);
    }

    private static CheckResult count(
            CheckResult.Builder result, SynchronousNames names, PromotionFacts facts, ServerView standby) {
        long follow = names.matching(names(standby));
        Optional<String> own = FollowerName.of(facts);
        List<String> elsewhere = facts.primary().value().map(SynchronousNamesCheck::names).orElse(List.of()).stream()
                .filter(name -> !own.filter(name::equals).isPresent())
                .toList();
        long could = names.matching(Stream.concat(names(standby).stream(), elsewhere.stream())
                .distinct()
                .toList());
        result.seen(
                "pg_stat_replication",
                "%d of the %d that are needed follow this standby, %d with those that follow the primary"
                        .formatted(follow, names.required(), could));
        String remedy =
                "On the standby, until enough standbys follow it: ALTER SYSTEM SET %s = ''; SELECT".formatted(SETTING)
                        + " pg_reload_conf();";
        if (follow >= names.required()) {
            return result.pass("Enough of the synchronous standbys follow this one already");
        }
        return could >= names.required()
                ? result.warn(
                        "After the promotion every commit would wait until the primary's other standbys follow", remedy)
                : result.fail(
                        "After the promotion every commit would wait for ever: %s needs %d standby%s"
                                .formatted(SETTING, names.required(), names.required() == 1 ? "" : "s"),
                        remedy);
    }

    private static List<String> names(ServerView view) {
        return view.senders().orElse(List.of()).stream()
                .filter(sender -> sender.state().equals("streaming"))
                .map(WalSender::applicationName)
                .toList();
    }
}
