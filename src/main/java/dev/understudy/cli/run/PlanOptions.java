package dev.understudy.cli.run;

import dev.understudy.plan.Plan;
import dev.understudy.plan.Playbooks;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which playbook, with which values. */
final class PlanOptions {
    @Parameters(index = "0", paramLabel = "PLAYBOOK", description = "A shipped playbook's name, or a file.")
    private String playbook = "";

    @Option(
            names = {"-e", "--set"},
            paramLabel = "NAME=VALUE",
            mapFallbackValue = "",
            description = "Gives a parameter of the playbook its value; may be repeated.")
    private Map<String, String> values = new LinkedHashMap<>();

    Plan plan() {
        return Playbooks.load(playbook).resolve(values);
    }
}
