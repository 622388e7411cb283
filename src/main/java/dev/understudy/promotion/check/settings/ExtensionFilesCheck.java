package dev.understudy.promotion.check.settings;

import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.LibraryFile;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.survey.AvailableExtension;
import dev.understudy.server.survey.DatabaseObjects.ExtensionUse;
import dev.understudy.server.survey.ObjectSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The files of every extension that is installed in a database, and of every library that a function needs: the catalog is
 * replicated, packages are not. Which control and SQL files are there is the server's own word
 * ({@code pg_available_extension_versions}); libraries are looked for on its host.
 */
public final class ExtensionFilesCheck implements PromotionCheck {
    private static final String ID = "extension-files";
    private static final Set<String> PRELOADED =
            Set.of("shared_preload_libraries", "session_preload_libraries", "archive_library");

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.settings().standbyServer().objects(),
                facts.settings().standbyServer().extensions(),
                (objects, extensions) -> judge(
                        objects,
                        byName(extensions),
                        facts.settings().primaryServer().extensions().map(ExtensionFilesCheck::byName),
                        facts.settings().libraries()));
    }

    private static Map<String, AvailableExtension> byName(List<AvailableExtension> extensions) {
        return extensions.stream()
                .collect(Collectors.toMap(AvailableExtension::name, Function.identity(), (a, b) -> a));
    }

    private static CheckResult judge(
            ObjectSurvey objects,
            Map<String, AvailableExtension> here,
            Known<Map<String, AvailableExtension>> there,
            Known<List<LibraryFile>> libraries) {
        CheckResult.Builder result = CheckResult.builder(ID);
        Set<ExtensionUse> used = objects.databases().stream()
                .flatMap(database -> database.extensions().stream())
                .collect(Collectors.toSet());
        result.seen(
                "pg_extension",
                "%d extensions in %d databases"
                        .formatted(used.size(), objects.databases().size()));
        objects.notSeen().forEach(name -> result.seen("not looked into", "database " + name));
        List<String> missing = new ArrayList<>();
        List<String> other = new ArrayList<>();
        Set<String> reported = new TreeSet<>();
        for (ExtensionUse use : used) {
            String name = use.name() + " " + use.version();
            AvailableExtension found = here.get(use.name());
            if (found == null) {
                missing.add(name);
                result.seen("pg_available_extensions", name + ": no control file");
            } else if (!found.versions().contains(use.version())) {
                // A version that the primary's packages cannot make either was overtaken by an update of them.
                boolean overtaken = there.value()
                        .map(all -> all.get(use.name()))
                        .filter(extension -> !extension.versions().contains(use.version()))
                        .isPresent();
                (overtaken ? other : missing).add(name);
                result.seen(
                        "pg_available_extension_versions",
                        "%s: not among %s".formatted(name, String.join(", ", found.versions())));
            } else if (reported.add(use.name())) {
                there.value()
                        .map(all -> all.get(use.name()))
                        .filter(extension -> !extension.standard().equals(found.standard()))
                        .ifPresent(extension -> {
                            other.add(use.name());
                            result.seen(
                                    "default version of " + use.name(),
                                    "%s here, %s on the primary".formatted(found.standard(), extension.standard()));
                        });
            }
        }
        return withLibraries(result, missing, other, libraries);
    }

    private static CheckResult withLibraries(
            CheckResult.Builder result, List<String> missing, List<String> other, Known<List<LibraryFile>> libraries) {
        List<LibraryFile> needed = libraries.orElse(List.of()).stream()
                .filter(file -> !PRELOADED.contains(file.user()))
                .toList();
        for (LibraryFile file : needed) {
            if (file.there().is(false)) {
                missing.add(file.library());
                result.seen("file system of the standby", "no file %s, for %s".formatted(file.file(), file.user()));
            }
        }
        String unseen = libraries.isKnown()
                ? needed.stream()
                        .map(file -> file.there().reason())
                        .filter(reason -> !reason.isEmpty())
                        .findFirst()
                        .orElse("")
                : libraries.reason();
        result.seen(
                "libraries of functions",
                unseen.isEmpty() ? needed.size() + " looked for on the standby's host" : "not looked for: " + unseen);
        if (!missing.isEmpty()) {
            return result.fail(
                    "The standby's host lacks files that the databases need: " + String.join(", ", missing),
                    "Install there the packages that the primary's host has, in the same versions");
        }
        return other.isEmpty()
                ? result.pass("The files of every installed extension are on the standby's host")
                : result.warn(
                        "The standby's host has other versions of extensions: " + String.join(", ", other),
                        "Install the same versions of the packages on both hosts; then ALTER EXTENSION … UPDATE where"
                                + " the catalog is behind");
    }
}
