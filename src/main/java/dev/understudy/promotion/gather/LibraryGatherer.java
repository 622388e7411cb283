package dev.understudy.promotion.gather;

import dev.understudy.host.Command;
import dev.understudy.host.Host;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.promotion.facts.LibraryFile;
import dev.understudy.server.Session;
import dev.understudy.server.facts.Setting;
import dev.understudy.server.survey.LibraryUse;
import dev.understudy.server.survey.ObjectSurvey;
import dev.understudy.server.survey.PrimacySurvey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for the files of libraries where the standby's server would look for them.
 *
 * <p>Source: {@code expand_dynamic_library_name} and {@code find_in_dynamic_libpath} in {@code
 * src/backend/utils/fmgr/dfmgr.c}.
 */
final class LibraryGatherer {
    private static final String PLACE = "$libdir";
    private static final String SUFFIX = ".so";
    private static final String THERE =
            "for file; do if [ -f \"$file\" ] && [ -r \"$file\" ]; then printf '%s\\n' \"$file\"; fi; done";

    private final Sight sight;
    private final String libraryDirectory;
    private final String path;

    private LibraryGatherer(Sight sight, String libraryDirectory, String path) {
        this.sight = sight;
        this.libraryDirectory = libraryDirectory;
        this.path = path;
    }

    static Known<List<LibraryFile>> gather(
            Sight sight, Known<Map<String, Setting>> settings, Known<ObjectSurvey> objects) {
        return settings.flatMap(found -> libraryDirectory(sight)
                .map(directory -> new LibraryGatherer(sight, directory, value(found, "dynamic_library_path"))
                        .files(uses(found, objects))));
    }

    /** Asked of the server, which wants a superuser for it, or of the program that is installed beside it. */
    private static Known<String> libraryDirectory(Sight sight) {
        Known<String> told = sight.onStandby(session -> new PrimacySurvey(session).libraryDirectory());
        return told.isKnown() ? told : Known.unknown("the server's library directory is not told: " + told.reason());
    }

    private static List<LibraryUse> uses(Map<String, Setting> settings, Known<ObjectSurvey> objects) {
        List<LibraryUse> uses = new ArrayList<>();
        for (String setting : List.of("shared_preload_libraries", "session_preload_libraries", "archive_library")) {
            for (String library : value(settings, setting).split(",")) {
                String bare = library.strip().replaceAll("^\"(.*)\"$", "$1");
                if (!bare.isEmpty()) {
                    uses.add(new LibraryUse(bare, setting, setting.equals("shared_preload_libraries")));
                }
            }
        }
        objects.value().ifPresent(found -> found.databases().forEach(database -> uses.addAll(database.libraries())));
        return uses;
    }

    private static String value(Map<String, Setting> settings, String name) {
        Setting setting = settings.get(name);
        return setting == null ? "" : setting.value();
    }

    /** A library that many need is looked for once, and named with the first that needs it. */
    private List<LibraryFile> files(List<LibraryUse> uses) {
        Map<String, LibraryUse> distinct = new LinkedHashMap<>();
        uses.forEach(use -> distinct.putIfAbsent(
                use.library() + (use.user().startsWith("extension ") ? "" : " " + use.user()), use));
        List<String> all = distinct.values().stream()
                .flatMap(use -> candidates(use.library()).stream())
                .distinct()
                .toList();
        Known<Set<String>> there = sight.host().isKnown()
                ? sight.onHost(host -> onHost(host, all))
                : sight.onStandby(session -> throughServer(session, all)).flatMap(found -> found);
        return distinct.values().stream().map(use -> file(use, there)).toList();
    }

    private LibraryFile file(LibraryUse use, Known<Set<String>> there) {
        List<String> candidates = candidates(use.library());
        return new LibraryFile(
                use.library(),
                use.user(),
                candidates.get(1),
                there.map(found -> candidates.stream().anyMatch(found::contains)));
    }

    /** All at once: each look is a process on the host. */
    private static Set<String> onHost(Host host, List<String> paths) {
        return Set.copyOf(host.run(Command.shell(THERE, paths.toArray(String[]::new)))
                .orThrow()
                .text()
                .lines()
                .toList());
    }

    /** Before 11 the server tells nothing of files outside of its data directory. */
    private static Known<Set<String>> throughServer(Session session, List<String> paths) {
        if (!session.major().isAtLeast(ServerMajor.V11)) {
            return Known.unknown("no -D given, and this major tells nothing of files outside of its data directory");
        }
        return Known.of(Set.copyOf(session.list(
                row -> row.text("path"),
                "SELECT p AS path FROM unnest(string_to_array(?, E'\\x01')) p WHERE (pg_stat_file(p, true)).size > 0",
                String.join("\u0001", paths))));
    }

    /** As it is written, then with the suffix of libraries, in each place of the path. */
    private List<String> candidates(String library) {
        List<String> bases = new ArrayList<>();
        if (library.contains("/")) {
            bases.add(library.startsWith(PLACE) ? libraryDirectory + library.substring(PLACE.length()) : library);
        } else {
            for (String place : (path.isEmpty() ? PLACE : path).split(":")) {
                bases.add(place.replace(PLACE, libraryDirectory) + "/" + library);
            }
        }
        return bases.stream()
                .flatMap(base -> List.of(base, base + SUFFIX).stream())
                .toList();
    }
}
