package dev.understudy.provision.preflight.check.target;

import dev.understudy.postgres.Known;
import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PathFacts;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.facts.PrimaryFilesFacts;
import dev.understudy.provision.preflight.facts.TargetFacts;
import dev.understudy.server.survey.ServerSurvey;
import dev.understudy.server.survey.TablespaceSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A check that none of the standby's directories lies in one of the primary's, nor one of the primary's in the standby's, symbolic links resolved. */
@CheckInfo(id = "paths-apart", summary = "No path of the standby lies inside of the primary's, nor the other way round")
public final class PathsApartCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        if (facts.sameMachine().is(false)) {
            return pass("the primary runs on another machine");
        }
        return facts.primary()
                .match(
                        primary -> facts.target().match(target -> judge(facts, primary, target), this::skipped),
                        this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey primary, TargetFacts target) {
        Map<String, String> theirs = theirs(facts, primary);
        if (theirs.isEmpty()) {
            return skipped("the role may not see the primary's data_directory (it takes pg_read_all_settings)");
        }
        List<String> overlaps = new ArrayList<>();
        for (PathFacts ours : ours(facts, target)) {
            theirs.forEach((what, path) -> {
                if (ours.isWithin(path)) {
                    overlaps.add("\"%s\" lies inside of the primary's %s \"%s\"".formatted(ours.path(), what, path));
                } else if (ours.contains(path)) {
                    overlaps.add("\"%s\" contains the primary's %s \"%s\"".formatted(ours.path(), what, path));
                }
            });
        }
        if (overlaps.isEmpty()) {
            return pass("the standby's paths are apart from the primary's");
        }
        boolean certain = facts.sameMachine().is(true);
        PreflightResult result = certain
                ? fail("%s", overlaps.get(0))
                : warn("%s, if both are on one machine, which could not be told", overlaps.get(0));
        for (String overlap : overlaps) {
            result = result.seen(overlap, "realpath on the standby's machine");
        }
        return result.hint("Two servers that write one directory destroy it: choose other paths for the standby.");
    }

    /** A tablespace that is not mapped has the primary's own path; that is another check's to say. */
    private static List<PathFacts> ours(PreflightFacts facts, TargetFacts target) {
        List<Known<PathFacts>> all = new ArrayList<>();
        all.add(target.dataDirectory());
        target.walDirectory().ifPresent(all::add);
        target.tablespaces().forEach((from, place) -> {
            if (facts.intent().target().tablespaces().containsKey(from)) {
                all.add(place);
            }
        });
        return all.stream().flatMap(path -> path.value().stream()).toList();
    }

    private static Map<String, String> theirs(PreflightFacts facts, ServerSurvey primary) {
        Map<String, String> paths = new TreeMap<>();
        primary.settings().get("data_directory").ifPresent(path -> paths.put("data directory", path));
        for (TablespaceSurvey tablespace : primary.storage().tablespaces().orElse(List.of())) {
            paths.put("tablespace %s".formatted(tablespace.name()), tablespace.location());
        }
        facts.primaryFiles().value().ifPresent(files -> resolve(files, primary, paths));
        return paths;
    }

    private static void resolve(PrimaryFilesFacts files, ServerSurvey primary, Map<String, String> paths) {
        files.dataDirectory().value().ifPresent(path -> paths.put("data directory", path.realPath()));
        files.walDirectory().value().ifPresent(path -> paths.put("WAL directory", path.realPath()));
        for (TablespaceSurvey tablespace : primary.storage().tablespaces().orElse(List.of())) {
            String real = files.tablespaceRealPaths().getOrDefault(tablespace.location(), tablespace.location());
            paths.put("tablespace %s".formatted(tablespace.name()), real);
        }
    }
}
