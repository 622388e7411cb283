package dev.understudy.promotion.check.settings;

import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.HbaRule;
import dev.understudy.server.hba.HbaLogin;
import dev.understudy.server.hba.HbaLogins;
import dev.understudy.server.hba.HbaRules;
import dev.understudy.server.hba.LoginRole;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Stored passwords that serve for what pg_hba.conf demands. Roles are replicated and pg_hba.conf is not: a role whose
 * password was never set, or is stored as MD5, comes in where the primary does not ask for more, and not here.
 */
public final class RolePasswordsCheck implements PromotionCheck {
    private static final String ID = "role-passwords";
    private static final String NONE = "none";
    private static final String MD5 = "md5";
    private static final String SCRAM = "scram-sha-256";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.settings().standbyServer().roles(),
                facts.settings().standbyServer().hba(),
                (roles, hba) -> roles.stream().anyMatch(role -> role.password().isEmpty())
                        ? CheckResult.skipped(ID, "the role may not see how passwords are stored (pg_authid)")
                        : CheckResult.of(
                                ID,
                                facts.settings().standbyServer().databases(),
                                databases -> judge(facts, roles, new HbaRules(hba), databases)));
    }

    private static CheckResult judge(
            PromotionFacts facts, List<LoginRole> roles, HbaRules rules, List<String> databases) {
        Optional<HbaRules> primary =
                facts.settings().primaryServer().hba().value().map(HbaRules::new);
        Map<String, String> refused = new TreeMap<>();
        Map<String, LoginRole> byName =
                roles.stream().collect(Collectors.toMap(LoginRole::name, Function.identity(), (a, b) -> a));
        for (LoginRole role : roles) {
            // One role at a time, so that each is named.
            HbaLogins.representatives(
                            primary.map(other -> List.of(rules, other)).orElse(List.of(rules)),
                            databases,
                            List.of(role))
                    .filter(login -> isLost(login, role, rules, primary))
                    .findFirst()
                    .ifPresent(login -> refused.put(role.name(), describe(login, role, rules)));
        }
        CheckResult.Builder result = CheckResult.builder(ID).seen("pg_authid", counts(byName));
        refused.values().forEach(text -> result.seen("pg_hba.conf", text));
        if (!refused.isEmpty()) {
            String summary = "The standby asks %d role%s for a password that %s: %s"
                    .formatted(
                            refused.size(),
                            refused.size() == 1 ? "" : "s",
                            refused.size() == 1 ? "it does not have so" : "they do not have so",
                            String.join(", ", refused.keySet()));
            String remedy = "On the primary, as each role needs: ALTER ROLE … PASSWORD '…'; or let the standby's"
                    + " pg_hba.conf ask for what the primary's asks for";
            return primary.isPresent() ? result.fail(summary, remedy) : result.warn(summary, remedy);
        }
        return withFips(result, facts.settings().fips(), roles);
    }

    /** Whether a log-in that works on the primary does not work here for want of the right password. */
    private static boolean isLost(HbaLogin login, LoginRole role, HbaRules rules, Optional<HbaRules> primary) {
        Optional<HbaRule> here = rules.deciding(login).filter(HbaRules::admits);
        if (here.isEmpty() || serves(role, here.get().method())) {
            return false;
        }
        return primary.isEmpty()
                || primary.get()
                        .deciding(login)
                        .filter(HbaRules::admits)
                        .filter(rule -> serves(role, rule.method()))
                        .isPresent();
    }

    /** Source: {@code CheckPasswordAuth} and {@code CheckPWChallengeAuth} in {@code src/backend/libpq/auth.c}. */
    private static boolean serves(LoginRole role, String method) {
        String stored = role.password().orElse("");
        return switch (method) {
            case SCRAM -> stored.equals(SCRAM);
            case MD5, "password" -> !stored.equals(NONE);
            default -> true;
        };
    }

    private static String describe(HbaLogin login, LoginRole role, HbaRules rules) {
        return "%s: line %d says %s, its password is stored as %s"
                .formatted(
                        login.describe(),
                        rules.deciding(login).map(HbaRule::line).orElse(0),
                        rules.deciding(login).map(HbaRule::method).orElse(""),
                        role.password().orElse(""));
    }

    private static String counts(Map<String, LoginRole> roles) {
        return roles.values().stream()
                .collect(Collectors.groupingBy(role -> role.password().orElse(""), TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(entry -> "%s: %d".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** MD5 is not to be had where the system allows only what FIPS 140 does. */
    private static CheckResult withFips(CheckResult.Builder result, Known<Boolean> fips, List<LoginRole> roles) {
        List<String> md5 = roles.stream()
                .filter(role -> role.password().filter(MD5::equals).isPresent())
                .map(LoginRole::name)
                .toList();
        if (fips.is(true) && !md5.isEmpty()) {
            return result.seen("/proc/sys/crypto/fips_enabled", "1")
                    .warn(
                            "The standby's host is in FIPS mode, and passwords are stored as MD5: "
                                    + String.join(", ", md5),
                            "Set password_encryption = 'scram-sha-256' on the primary, and the passwords anew");
        }
        return result.pass("Every role can log in to the standby with the password that is stored for it");
    }
}
