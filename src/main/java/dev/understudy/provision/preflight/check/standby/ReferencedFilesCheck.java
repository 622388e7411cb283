package dev.understudy.provision.preflight.check.standby;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.OutsideFiles;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.facts.TargetFacts;
import dev.understudy.server.survey.ServerSurvey;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A check that the files the inherited configuration names outside of the data directory, such as certificates, are there and readable for the standby's account. */
@CheckInfo(
        id = "referenced-files",
        summary = "Files outside of the data directory that the configuration names are on the standby's machine")
public final class ReferencedFilesCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary()
                .match(
                        primary -> facts.target().match(target -> judge(facts, primary, target), this::skipped),
                        this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey primary, TargetFacts target) {
        Map<String, String> outside =
                OutsideFiles.of(primary.settings(), facts.intent().settings());
        if (outside.isEmpty()) {
            return pass("the configuration names no file outside of the data directory");
        }
        return target.presentFiles().match(present -> judge(outside, present), this::skipped);
    }

    private PreflightResult judge(Map<String, String> outside, Set<String> present) {
        Map<String, String> missing = new TreeMap<>(outside);
        missing.values().removeAll(present);
        if (missing.isEmpty()) {
            return pass("the standby's account can read every file that the configuration names: %s", outside);
        }
        boolean fatal = missing.keySet().stream().anyMatch(OutsideFiles::preventsStart);
        String first = missing.entrySet().iterator().next().toString().replaceFirst("=", " = ");
        String summary = "%d file%s that the configuration names %s not readable on the standby's machine: %s"
                .formatted(missing.size(), missing.size() == 1 ? "" : "s", missing.size() == 1 ? "is" : "are", first);
        PreflightResult result = fatal
                ? fail("%s", summary)
                        .hint("The standby would not start: ssl is on and it needs certificate and key. Put them"
                                + " there, or set ssl=off or other paths among the plan's settings.")
                : warn("%s", summary);
        for (Map.Entry<String, String> each : missing.entrySet()) {
            result = result.seen(
                    "%s = \"%s\" is not there".formatted(each.getKey(), each.getValue()),
                    "test -r on the standby's machine");
        }
        return result;
    }
}
