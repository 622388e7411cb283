package dev.understudy.provision.preflight.check.primary;

import dev.understudy.provision.preflight.check.CheckInfo;
import dev.understudy.provision.preflight.check.PreflightCheck;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.facts.PathFacts;
import dev.understudy.provision.preflight.facts.PreflightFacts;
import dev.understudy.provision.preflight.facts.PrimaryFilesFacts;
import dev.understudy.server.survey.ServerSurvey;
import java.util.ArrayList;
import java.util.List;

/** A check for symbolic links and for configuration outside of the data directory (as Debian keeps it in /etc/postgresql): says what will be done about each. */
@CheckInfo(id = "primary-layout", summary = "Data directory, WAL directory and configuration are where they seem to be")
public final class PrimaryLayoutCheck implements PreflightCheck {
    @Override
    public PreflightResult examine(PreflightFacts facts) {
        return facts.primary().match(primary -> judge(facts, primary), this::skipped);
    }

    private PreflightResult judge(PreflightFacts facts, ServerSurvey primary) {
        String data = primary.settings().text("data_directory");
        if (data.isEmpty()) {
            return skipped("the role may not see data_directory (it takes pg_read_all_settings)");
        }
        List<String> notes = new ArrayList<>();
        facts.primaryFiles().value().ifPresent(files -> addLinks(files, notes));
        List<String> outside = outside(primary, data);
        if (outside.isEmpty()) {
            PreflightResult result = notes.isEmpty()
                    ? pass("configuration and WAL are inside of \"%s\"", data)
                    : pass("%s", notes.get(0));
            return notes.isEmpty() ? result : result.hints(notes);
        }
        PreflightResult result = warn(
                "%d configuration file%s outside of the data directory: %s",
                outside.size(), outside.size() == 1 ? " is" : "s are", String.join(", ", outside));
        return result.seen(String.join(", ", outside), "pg_settings")
                .hint(
                        "The copy of a data directory does not carry them. The standby needs its own: in its data directory, or"
                                + " where its start command looks for them, which for Debian's pg_ctlcluster is"
                                + " /etc/postgresql/VERSION/NAME.")
                .hints(notes);
    }

    private static void addLinks(PrimaryFilesFacts files, List<String> notes) {
        files.dataDirectory()
                .value()
                .filter(path -> !path.realPath().equals(path.path()))
                .ifPresent(path -> notes.add("The data directory \"%s\" is really \"%s\"; that is what is read."
                        .formatted(path.path(), path.realPath())));
        files.walDirectory()
                .value()
                .filter(path -> isElsewhere(path, files))
                .ifPresent(
                        path -> notes.add(("The primary's WAL is at \"%s\"; the standby's goes into its data directory"
                                        + " unless wal_directory says otherwise.")
                                .formatted(path.realPath())));
    }

    private static boolean isElsewhere(PathFacts wal, PrimaryFilesFacts files) {
        return files.dataDirectory()
                .value()
                .map(data -> !wal.isWithin(data.realPath()))
                .orElse(false);
    }

    private static List<String> outside(ServerSurvey primary, String data) {
        List<String> outside = new ArrayList<>();
        for (String name : List.of("config_file", "hba_file", "ident_file")) {
            String path = primary.settings().text(name);
            if (!path.isEmpty() && !path.startsWith(data + "/")) {
                outside.add("%s = \"%s\"".formatted(name, path));
            }
        }
        return outside;
    }
}
