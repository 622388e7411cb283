package dev.understudy.promotion.check.settings;

import dev.understudy.doctor.facts.ServerView;
import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.CandidateFacts;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.HbaRule;
import dev.understudy.server.hba.HbaComparison;
import dev.understudy.server.hba.HbaComparison.Difference;
import dev.understudy.server.hba.HbaComparison.Kind;
import dev.understudy.server.hba.HbaLogin;
import dev.understudy.server.hba.HbaRules;
import dev.understudy.server.hba.LoginRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A pg_hba.conf that lets in everybody whom the primary's lets in, for the same kind of proof, and the standbys that follow
 * the primary now.
 */
public final class HbaAdmitsCheck implements PromotionCheck {
    private static final String ID = "hba-admits";
    private static final int SHOWN = 20;
    private static final String REMEDY =
            "Add the missing lines to the standby's pg_hba.conf, and there: SELECT pg_reload_conf();";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        CandidateFacts standby = facts.settings().standbyServer();
        return CheckResult.of(ID, standby.hba(), found -> {
            List<HbaRule> broken =
                    found.stream().filter(HbaAdmitsCheck::isBroken).toList();
            if (!broken.isEmpty()) {
                return broken(broken);
            }
            return CheckResult.of(
                    ID,
                    facts.settings().primaryServer().hba(),
                    wanted -> CheckResult.of(
                            ID,
                            standby.roles(),
                            standby.databases(),
                            (roles, databases) -> judge(
                                    new HbaComparison(new HbaRules(wanted), new HbaRules(found))
                                            .differences(databases, roles),
                                    refused(facts, new HbaRules(wanted), new HbaRules(found), roles),
                                    wanted.size(),
                                    found.size())));
        });
    }

    /** A line for TLS where TLS is off is said to be an error, and yet the server takes the file. */
    private static boolean isBroken(HbaRule rule) {
        return rule.error()
                .filter(error -> !error.contains("record cannot match"))
                .isPresent();
    }

    private static CheckResult broken(List<HbaRule> broken) {
        CheckResult.Builder result = CheckResult.builder(ID);
        broken.stream()
                .limit(SHOWN)
                .forEach(rule -> result.seen(
                        "pg_hba.conf line " + rule.line(), rule.error().orElse("")));
        return result.fail(
                "The standby's pg_hba.conf has an error: it cannot be loaded, and a restart would fail",
                "Mend line %d of the standby's pg_hba.conf"
                        .formatted(broken.get(0).line()));
    }

    private static CheckResult judge(List<Difference> differences, List<HbaLogin> followers, int wanted, int found) {
        CheckResult.Builder result = CheckResult.builder(ID);
        result.seen("pg_hba.conf", "%d rules here, %d on the primary".formatted(found, wanted));
        followers.forEach(login -> result.seen("pg_stat_replication of the primary", login.describe() + ": refused"));
        differences.stream().limit(SHOWN).forEach(each -> result.seen(source(each), describe(each)));
        List<Difference> refused = differences.stream()
                .filter(each -> each.kind() == Kind.REFUSED && !each.example().isReplication())
                .toList();
        if (!refused.isEmpty()) {
            return result.fail(
                    "The standby would not admit %s, whom the primary admits"
                            .formatted(refused.get(0).example().describe()),
                    REMEDY);
        }
        if (!followers.isEmpty()) {
            return result.fail(
                    "The standby would not admit %d of the standbys that follow the primary: %s"
                            .formatted(
                                    followers.size(),
                                    followers.stream().map(HbaLogin::describe).collect(Collectors.joining("; "))),
                    REMEDY);
        }
        return differences.isEmpty()
                ? result.pass("The standby admits whom the primary admits")
                : result.warn(
                        differences.get(0).kind() == Kind.REFUSED
                                ? "The primary admits %s, the standby does not"
                                        .formatted(differences.get(0).example().describe())
                                : "The standby asks %s for another proof than the primary"
                                        .formatted(differences.get(0).example().describe()),
                        REMEDY);
    }

    private static String source(Difference difference) {
        return "pg_hba.conf line %d of the primary".formatted(difference.rule().line());
    }

    private static String describe(Difference difference) {
        return "%s: %s there, here %s"
                .formatted(
                        difference.example().describe(),
                        difference.rule().method(),
                        difference
                                .other()
                                .map(rule -> "line %d says %s".formatted(rule.line(), rule.method()))
                                .orElse("no line fits"));
    }

    /** The primary's followers that the standby would not let in; this standby itself does not have to be. */
    private static List<HbaLogin> refused(
            PromotionFacts facts, HbaRules wanted, HbaRules found, List<LoginRole> roles) {
        Known<ServerView> primary = facts.primary();
        Optional<String> own = FollowerName.of(facts);
        List<HbaLogin> refused = new ArrayList<>();
        primary.value().flatMap(view -> view.senders().value()).orElse(List.of()).stream()
                .filter(sender -> !own.filter(sender.applicationName()::equals).isPresent())
                .filter(sender -> sender.client().isPresent())
                .map(sender -> HbaLogin.replication(
                        sender.user(),
                        roles.stream()
                                .filter(role -> role.name().equals(sender.user()))
                                .findFirst()
                                .map(LoginRole::groups)
                                .orElse(Set.of(sender.user())),
                        sender.client().orElse("")))
                .filter(login -> admits(wanted, login) && !admits(found, login))
                .forEach(refused::add);
        return List.copyOf(refused);
    }

    /** Encrypted or not: how a sender came is not seen, and a follower can be told to come the other way. */
    private static boolean admits(HbaRules rules, HbaLogin login) {
        return rules.admits(login)
                || rules.admits(new HbaLogin(
                        HbaLogin.Transport.PLAIN, login.database(), login.user(), login.groups(), login.address()));
    }
}
