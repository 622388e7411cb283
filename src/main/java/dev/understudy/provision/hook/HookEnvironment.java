package dev.understudy.provision.hook;

import dev.understudy.engine.StepContext;
import dev.understudy.host.LeftProcesses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The variables that every command of the user sees besides the run's facts. */
final class HookEnvironment {
    private HookEnvironment() {}

    static Map<String, String> of(StepContext context, String step) {
        Map<String, String> variables = new TreeMap<>();
        variables.put(LeftProcesses.RUN, context.run());
        variables.put(LeftProcesses.STEP, step);
        addFile(variables, "UNDERSTUDY_BACKUP_LABEL", context.directory().resolve("backup_label"));
        addFile(variables, "UNDERSTUDY_TABLESPACE_MAP", context.directory().resolve("tablespace_map"));
        return variables;
    }

    /** Kept by stop-backup in the run's directory; not there before. */
    private static void addFile(Map<String, String> variables, String name, Path file) {
        if (Files.exists(file)) {
            variables.put(name, file.toString());
        }
    }
}
