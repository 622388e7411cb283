package dev.understudy.provision.preflight.check.standby;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.survey.ServerSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A check of the settings that a standby must have at least as high as its primary: what is lower is raised in the rendered configuration. */
@CheckInfo(
        id = "standby-parameters",
        summary = "The standby's settings are not below the primary's where they must not be")
public final class StandbyParametersCheck implements PreflightCheck {
    /** Source: {@code CheckRequiredParameterValues} in {@code xlog.c}; max_wal_senders counts from 12. */
    private static final List<String> MINIMUMS = List.of(
            "max_connections",
            "max_locks_per_transaction",
            "max_prepared_transactions",
            "max_wal_senders",
            "max_worker_processes");

    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary().match(primary -> judge(facts, primary), this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey primary) {
        List<String> raised = new ArrayList<>();
        Map<String, Long> minimums = minimums(primary);
        minimums.forEach((name, minimum) -> wanted(facts, name)
                .filter(value -> value < minimum)
                .ifPresent(value -> raised.add("%s from %d to %d".formatted(name, value, minimum))));
        if (raised.isEmpty()) {
            return pass("the standby takes the primary's values: %s", listed(minimums));
        }
        PreflightResult result =
                warn("the plan's settings are below the primary's and are raised: %s", String.join(", ", raised));
        return result.seen(listed(minimums), "pg_settings of the primary")
                .hint("A standby with less than its primary does not start, or stops replaying.");
    }

    private static String listed(Map<String, Long> minimums) {
        return minimums.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
    }

    private static Map<String, Long> minimums(ServerSurvey primary) {
        Map<String, Long> minimums = new TreeMap<>();
        boolean senders = primary.identity().version().major().isAtLeast(ServerMajor.V12);
        MINIMUMS.stream()
                .filter(name -> senders || !name.equals("max_wal_senders"))
                .forEach(name -> primary.settings().number(name).ifPresent(value -> minimums.put(name, value)));
        return minimums;
    }

    private static Optional<Long> wanted(PreflightFacts facts, String name) {
        return Optional.ofNullable(facts.intent().settings().get(name))
                .filter(value -> value.matches("\\d{1,9}"))
                .map(Long::valueOf);
    }
}
