package dev.understudy.promotion.check.settings;

import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Settings that are as the primary has them, as far as a client or the data notice. Where a server lies, logs and gets its
 * WAL from is its own affair, and what another check judges is left to it, see {@link OwnSettings}.
 */
public final class SettingsDifferCheck implements PromotionCheck {
    private static final String ID = "settings-differ";
    private static final String RESTART = "postmaster";
    private static final int COMMANDS_SHOWN = 5;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(ID, facts.settings().standby(), facts.settings().primary(), SettingsDifferCheck::judge);
    }

    /** A setting of both servers. */
    private record Pair(Setting here, Setting there) {
        String name() {
            return here.name();
        }

        boolean needsRestart() {
            return here.context().equals(RESTART);
        }
    }

    private static CheckResult judge(Map<String, Setting> standby, Map<String, Setting> primary) {
        List<Pair> differing = new ArrayList<>();
        new TreeMap<>(primary).forEach((name, wanted) -> {
            Setting found = standby.get(name);
            if (found != null && differ(found, wanted)) {
                differing.add(new Pair(found, wanted));
            }
        });
        CheckResult.Builder result = CheckResult.builder(ID);
        if (differing.isEmpty()) {
            return result.seen("pg_settings", "%d settings compared".formatted(primary.size()))
                    .pass("No setting that matters differs from the primary's");
        }
        for (Pair pair : differing) {
            result.seen(
                    "pg_settings." + pair.name(),
                    "%s here, %s on the primary%s"
                            .formatted(
                                    Compared.display(pair.here()),
                                    Compared.display(pair.there()),
                                    pair.needsRestart() ? " (needs a restart)" : ""));
        }
        result.figure("settings_differ", differing.size());
        String harmful = differing.stream()
                .filter(pair -> isHarmful(pair.here()))
                .map(Pair::name)
                .collect(Collectors.joining(", "));
        return harmful.isEmpty()
                ? result.warn(
                        "%d setting%s from the primary's: %s"
                                .formatted(
                                        differing.size(),
                                        differing.size() == 1 ? " differs" : "s differ",
                                        differing.stream()
                                                .map(pair -> pair.name() + (pair.needsRestart() ? "*" : ""))
                                                .collect(Collectors.joining(", "))),
                        remedy(differing))
                : result.fail("A new primary must not run like this: " + harmful, remedy(differing));
    }

    private static boolean differ(Setting found, Setting wanted) {
        return !found.value().equals(wanted.value())
                && !OwnSettings.has(found)
                && !(isAutomatic(found) && isAutomatic(wanted))
                && !isReachable(found, wanted);
    }

    /** The server has worked it out from something else, or from where it was started. */
    private static boolean isAutomatic(Setting setting) {
        return setting.source().equals("default")
                || setting.source().equals("override")
                || setting.source().equals("environment variable");
    }

    /** Addresses are every server's own, unless nobody from outside could come in. */
    private static boolean isReachable(Setting found, Setting wanted) {
        return found.name().equals("listen_addresses")
                && (!AddressList.isLocal(found.value()) || AddressList.isLocal(wanted.value()));
    }

    /** On a primary it loses data, refuses writes, or keeps everybody out. */
    private static boolean isHarmful(Setting found) {
        return switch (found.name()) {
            case "fsync", "full_page_writes" -> found.value().equals("off");
            case "default_transaction_read_only" -> found.value().equals("on");
            case "listen_addresses" -> true;
            default -> false;
        };
    }

    private static String remedy(List<Pair> differing) {
        String commands = differing.stream()
                .limit(COMMANDS_SHOWN)
                .map(pair -> "ALTER SYSTEM SET %s = %s;".formatted(pair.name(), Compared.literal(pair.there())))
                .collect(Collectors.joining(" "));
        boolean restart = differing.stream().anyMatch(Pair::needsRestart);
        return "On the standby, where the primary's value is right: %s%s SELECT pg_reload_conf();%s"
                .formatted(
                        commands,
                        differing.size() > COMMANDS_SHOWN ? " and so on;" : "",
                        restart ? " What is marked (*) needs a restart of the standby." : "");
    }
}
