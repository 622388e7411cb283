package dev.understudy.provision.preflight.check.standby;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.InstallationFacts;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.server.survey.ContentSurvey;
import dev.understudy.server.survey.LibraryUse;
import dev.understudy.server.survey.ServerSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A check that the standby's installation has the libraries of the primary's preload settings and extensions: without a preloaded one it does not start, without an extension's queries fail. */
@CheckInfo(id = "libraries", summary = "The standby's installation has every shared library that the primary loads")
public final class LibrariesCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary()
                .match(
                        primary -> facts.target()
                                .flatMap(target -> target.installation())
                                .match(found -> judge(facts, primary, found), this::skipped),
                        this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey primary, InstallationFacts found) {
        ContentSurvey contents = primary.contents();
        if (!contents.libraries().isKnown()) {
            return skipped("which libraries the primary loads is not known: "
                    + contents.libraries().reason());
        }
        if (!found.libraries().isKnown()) {
            return skipped("the standby's libraries cannot be listed: "
                    + found.libraries().reason());
        }
        Set<String> there = found.libraries().orElse(Set.of());
        List<LibraryUse> missing = contents.libraries().orElse(List.of()).stream()
                .filter(use -> !facts.intent().settings().containsKey(use.user()))
                .filter(use -> isInLibraryDirectory(use.library()))
                .filter(use -> !there.contains(baseName(use.library())))
                .toList();
        if (!missing.isEmpty()) {
            return failed(missing, found);
        }
        String where = found.libraryDirectory().orElse("its library directory");
        return contents.databasesNotSeen().isEmpty()
                ? pass("every library that the primary loads is in \"%s\"", where)
                : warn(
                                "every library known of is in \"%s\"; %d database%s could not be looked into",
                                where,
                                contents.databasesNotSeen().size(),
                                contents.databasesNotSeen().size() == 1 ? "" : "s")
                        .seen("not seen: " + String.join(", ", contents.databasesNotSeen()), "pg_database")
                        .hint("To have them looked at: GRANT CONNECT ON DATABASE … TO the role.");
    }

    private PreflightResult failed(List<LibraryUse> missing, InstallationFacts found) {
        boolean atStart = missing.stream().anyMatch(LibraryUse::atStart);
        Set<String> names = new TreeSet<>();
        missing.forEach(use -> names.add(baseName(use.library())));
        String listed = String.join(", ", names);
        PreflightResult result = atStart
                ? fail(
                        "the standby's installation lacks %s, and a server does not start without what it preloads",
                        listed)
                : fail("the standby's installation lacks %s, which extensions of the primary's databases need", listed);
        List<String> seen = new ArrayList<>();
        for (LibraryUse use : missing) {
            String claim = "\"%s\" is used by %s".formatted(use.library(), use.user());
            if (!seen.contains(claim)) {
                seen.add(claim);
                result = result.seen(claim, "not in " + found.libraryDirectory().orElse("$libdir"));
            }
        }
        return result.hint("Install the packages that bring them on the standby's machine, in the primary's versions.");
    }

    /** A path of its own is looked for nowhere; without a directory, or with $libdir, it is the library directory. */
    private static boolean isInLibraryDirectory(String library) {
        return library.startsWith("$libdir/") || !library.contains("/");
    }

    private static String baseName(String library) {
        String name = library.startsWith("$libdir/") ? library.substring("$libdir/".length()) : library;
        return name.endsWith(".so") ? name.substring(0, name.length() - ".so".length()) : name;
    }
}
