package dev.understudy.provision.preflight.check.target;

import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PathFacts;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.facts.TargetFacts;
import dev.understudy.provision.route.Route;
import dev.understudy.server.survey.TablespaceSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A check that each tablespace of the primary has a directory for the standby: mapped where both are on one machine, absolute, empty or ours, outside of the data directory. */
@CheckInfo(id = "tablespace-targets", summary = "Every tablespace has a place of its own on the standby's machine")
public final class TablespaceTargetsCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        if (facts.intent().route() == Route.COMMAND) {
            return skipped("whoever makes the copy places the tablespaces");
        }
        return facts.primary()
                .flatMap(primary -> primary.storage().tablespaces())
                .match(
                        tablespaces -> facts.target().match(target -> judge(facts, tablespaces, target), this::skipped),
                        this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, List<TablespaceSurvey> tablespaces, TargetFacts target) {
        Map<String, String> wrong = new TreeMap<>();
        for (TablespaceSurvey tablespace : tablespaces) {
            problems(facts, target, tablespace).forEach(problem -> wrong.putIfAbsent(tablespace.name(), problem));
        }
        for (String from : facts.intent().target().tablespaces().keySet()) {
            if (tablespaces.stream()
                    .noneMatch(tablespace -> tablespace.location().equals(from))) {
                wrong.put("(none)", "the plan maps \"%s\", and no tablespace of the primary is there".formatted(from));
            }
        }
        if (!wrong.isEmpty()) {
            return failed(tablespaces, wrong);
        }
        return tablespaces.isEmpty()
                ? pass("the primary has no tablespaces outside of its data directory")
                : pass(
                        "%d tablespace%s a place on the standby's machine",
                        tablespaces.size(), tablespaces.size() == 1 ? " has" : "s have");
    }

    private PreflightResult failed(List<TablespaceSurvey> tablespaces, Map<String, String> wrong) {
        String first = wrong.values().iterator().next();
        PreflightResult result =
                wrong.size() == 1 ? fail("%s", first) : fail("%s, and %d more", first, wrong.size() - 1);
        for (Map.Entry<String, String> each : wrong.entrySet()) {
            result = result.seen(each.getValue(), "tablespace " + each.getKey());
        }
        String example =
                tablespaces.isEmpty() ? "/old=/new" : tablespaces.get(0).location() + "=/path/on/the/standby";
        return result.hint("Give each its place with the parameter tablespaces: %s", example);
    }

    private static List<String> problems(PreflightFacts facts, TargetFacts target, TablespaceSurvey tablespace) {
        String mapped = facts.intent().target().tablespaces().get(tablespace.location());
        if (mapped == null && !facts.sameMachine().is(false)) {
            return List.of(
                    facts.sameMachine().is(true)
                            ? "tablespace \"%s\" at \"%s\" is not mapped, and the standby is on the primary's own machine"
                                    .formatted(tablespace.name(), tablespace.location())
                            : "tablespace \"%s\" at \"%s\" is not mapped, and the standby may be on the primary's own machine"
                                    .formatted(tablespace.name(), tablespace.location()));
        }
        String place = mapped == null ? tablespace.location() : mapped;
        if (!place.startsWith("/")) {
            return List.of("\"%s\" for tablespace \"%s\" is not an absolute path".formatted(place, tablespace.name()));
        }
        List<String> problems = new ArrayList<>();
        Known<PathFacts> path =
                target.tablespaces().getOrDefault(tablespace.location(), Known.unknown("not looked at"));
        if (!path.isKnown()) {
            return List.of("\"%s\" for tablespace \"%s\" cannot be looked at: %s"
                    .formatted(place, tablespace.name(), path.reason()));
        }
        path.value().ifPresent(found -> addPathProblems(facts, target, tablespace, found, problems));
        return problems;
    }

    private static void addPathProblems(
            PreflightFacts facts,
            TargetFacts target,
            TablespaceSurvey tablespace,
            PathFacts path,
            List<String> problems) {
        target.dataDirectory()
                .value()
                .filter(data -> path.isWithin(data.realPath()))
                .ifPresent(
                        data -> problems.add("\"%s\" for tablespace \"%s\" lies inside of the standby's data directory"
                                .formatted(path.path(), tablespace.name())));
        boolean kept = facts.intent().target().ours() || facts.intent().target().existing();
        if (kept && path.kind() == PathFacts.Kind.DIRECTORY) {
            return;
        }
        Emptiness.obstacle(path)
                .ifPresent(obstacle -> problems.add(
                        "\"%s\" for tablespace \"%s\" %s".formatted(path.path(), tablespace.name(), obstacle)));
    }
}
