package dev.understudy.provision.preflight.check.standby;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.facts.TargetFacts;
import dev.understudy.server.survey.ServerSurvey;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A check that the inherited listen_addresses are addresses of the standby's machine: a server that can listen on none of them does not start. */
@CheckInfo(
        id = "listen-addresses",
        summary = "The standby's machine has the addresses that the configuration listens on")
public final class ListenAddressesCheck implements PreflightCheck {
    private static final Set<String> ANYWHERE = Set.of("*", "0.0.0.0", "::", "localhost");

    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.target()
                .match(
                        target -> facts.primary().match(primary -> judge(facts, primary, target), this::skipped),
                        this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey primary, TargetFacts target) {
        String planned = facts.intent().settings().get("listen_addresses");
        String value = planned == null ? primary.settings().text("listen_addresses") : planned;
        List<String> wanted = Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(address -> !address.isEmpty())
                .toList();
        if (wanted.isEmpty()) {
            return pass("listen_addresses is empty: the standby listens on its Unix socket only");
        }
        return target.addresses().match(addresses -> judge(value, wanted, addresses), this::skipped);
    }

    private PreflightResult judge(String value, List<String> wanted, Set<String> addresses) {
        List<String> foreign = wanted.stream()
                .filter(address -> !ANYWHERE.contains(address))
                .filter(address -> address.matches("[0-9.]+|.*:.*"))
                .filter(address -> !addresses.contains(address))
                .toList();
        if (foreign.isEmpty()) {
            return pass("the standby can listen on \"%s\"", value);
        }
        String summary = "the standby's machine has no address %s, which listen_addresses \"%s\" names"
                .formatted(String.join(", ", foreign), value);
        String hint = "Give the standby its own among the plan's settings: listen_addresses=*";
        return foreign.size() == wanted.size()
                ? fail("%s", summary)
                        .seen("its addresses are " + addresses, "ip addr of the standby's machine")
                        .hint("%s", hint)
                : warn("%s", summary)
                        .seen("its addresses are " + addresses, "ip addr of the standby's machine")
                        .hint("%s", hint);
    }
}
