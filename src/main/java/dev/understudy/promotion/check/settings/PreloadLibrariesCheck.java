package dev.understudy.promotion.check.settings;

import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.LibraryFile;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.server.facts.Setting;
import dev.understudy.server.survey.ObjectSurvey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Preloaded libraries: their files are on the standby's host, and none is missing from the list that the primary has. */
public final class PreloadLibrariesCheck implements PromotionCheck {
    private static final String ID = "preload-libraries";
    private static final List<String> SETTINGS =
            List.of("shared_preload_libraries", "session_preload_libraries", "local_preload_libraries");

    /** A library that the primary loads and the standby does not. */
    private record Absent(String setting, String library, boolean needed) {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.settings().standby(),
                standby -> judge(
                        standby,
                        facts.settings().primary(),
                        facts.settings().libraries(),
                        facts.settings().standbyServer().objects()));
    }

    private static CheckResult judge(
            Map<String, Setting> standby,
            Known<Map<String, Setting>> primary,
            Known<List<LibraryFile>> libraries,
            Known<ObjectSurvey> objects) {
        String shared = SETTINGS.get(0);
        if (!standby.containsKey(shared)
                || primary.isKnown() && !primary.orElse(Map.of()).containsKey(shared)) {
            return CheckResult.skipped(
                    ID, "the role may not see %s: GRANT pg_read_all_settings TO the role".formatted(shared));
        }
        CheckResult.Builder result = CheckResult.builder(ID);
        SETTINGS.forEach(name -> result.seen("pg_settings." + name, "'" + Compared.text(standby, name) + "'"));
        List<LibraryFile> gone = libraries.orElse(List.of()).stream()
                .filter(file -> SETTINGS.contains(file.user()) && file.there().is(false))
                .toList();
        if (!gone.isEmpty()) {
            gone.forEach(file -> result.seen("file system of the standby", "no file " + file.file()));
            return result.fail(
                    "A preloaded library is not installed on the standby's host, so it would not start again: "
                            + String.join(
                                    ", ",
                                    gone.stream().map(LibraryFile::library).toList()),
                    "Install the package that has it, for the standby's major");
        }
        List<Absent> absent =
                primary.value().map(found -> absent(standby, found, objects)).orElse(List.of());
        if (!absent.isEmpty()) {
            return absent(result, absent, primary.orElse(Map.of()));
        }
        boolean nothing =
                SETTINGS.stream().allMatch(name -> Compared.list(standby, name).isEmpty());
        if (nothing) {
            return result.pass(
                    primary.isKnown()
                            ? "Neither server preloads a library that the other does not"
                            : "The standby preloads no library");
        }
        Optional<LibraryFile> unseen = libraries.orElse(List.of()).stream()
                .filter(file -> SETTINGS.contains(file.user()) && !file.there().isKnown())
                .findFirst();
        if (!libraries.isKnown() || unseen.isPresent()) {
            String reason = unseen.map(file -> file.there().reason()).orElse(libraries.reason());
            return result.seen("file system of the standby", "not looked at: " + reason)
                    .pass(
                            primary.isKnown()
                                    ? "The standby runs with the libraries that the primary preloads"
                                    : "The standby runs with the libraries that it preloads");
        }
        return result.pass(
                primary.isKnown()
                        ? "The libraries that the standby preloads are the primary's, and are installed"
                        : "The libraries that the standby preloads are installed");
    }

    private static List<Absent> absent(
            Map<String, Setting> standby, Map<String, Setting> primary, Known<ObjectSurvey> objects) {
        return SETTINGS.stream()
                .flatMap(setting -> Compared.list(primary, setting).stream()
                        .filter(library -> Compared.list(standby, setting).stream()
                                .noneMatch(other -> bare(other).equals(bare(library))))
                        .map(library -> new Absent(setting, library, isNeeded(library, objects))))
                .toList();
    }

    private static CheckResult absent(CheckResult.Builder result, List<Absent> absent, Map<String, Setting> primary) {
        absent.forEach(each -> result.seen(
                "pg_settings." + each.setting() + " of the primary",
                each.library() + (each.needed() ? ", whose extension is installed" : "")));
        String names = String.join(", ", absent.stream().map(Absent::library).toList());
        String setting = absent.get(0).setting();
        String remedy = "On the standby: ALTER SYSTEM SET %s = %s; then %s"
                .formatted(
                        setting,
                        String.join(", ", Compared.list(primary, setting)),
                        setting.equals(SETTINGS.get(0)) ? "restart it" : "SELECT pg_reload_conf();");
        return absent.stream().anyMatch(Absent::needed)
                ? result.fail("The standby does not preload what an installed extension needs: " + names, remedy)
                : result.warn("The primary preloads what the standby does not: " + names, remedy);
    }

    private static boolean isNeeded(String library, Known<ObjectSurvey> objects) {
        return objects.value()
                .filter(found -> found.databases().stream()
                        .flatMap(database -> database.extensions().stream())
                        .anyMatch(extension -> extension.name().equals(bare(library))))
                .isPresent();
    }

    /** The library's name without its place and suffix. */
    private static String bare(String library) {
        return library.substring(library.lastIndexOf('/') + 1).replaceAll("\\.so$", "");
    }
}
