package dev.understudy.doctor.finding;

import dev.understudy.host.ShellQuote;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A way out.
 *
 * @param id stable: {@code stop-exclusive-backup}
 * @param description one sentence
 * @param command what a person would type
 * @param playbook the playbook that does it; empty text if it is not for a program to do
 * @param parameters the playbook's parameters, without secrets
 * @param losesData whether something is lost by it that is not copied anew
 * @param cost which of several to try first
 */
public record Remedy(
        String id,
        String description,
        String command,
        String playbook,
        Map<String, String> parameters,
        boolean losesData,
        Cost cost) {
    /** How dear a remedy is, the cheapest first. */
    public enum Cost {
        NOTHING("nothing"),
        SECONDS("seconds"),
        RESTART("a restart of the standby"),
        MINUTES("minutes"),
        DELTA_COPY("a delta copy: every file read, what differs sent"),
        FULL_COPY("a full copy");

        private final String printed;

        Cost(String printed) {
            this.printed = printed;
        }

        @Override
        public String toString() {
            return printed;
        }
    }

    /** What stands in a command for a value that only the person who runs it knows. */
    private static final Set<String> ASKED = Set.of("COMMAND", "CONNINFO", "DATADIR", "DIRECTORY");

    /** A value that is asked for stands in the command alone: without it a run is refused when its playbook is read. */
    public Remedy {
        parameters = parameters.entrySet().stream()
                .filter(entry -> !ASKED.contains(entry.getValue()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** One that a person does by hand. */
    public static Remedy byHand(String id, String description, String command, Cost cost) {
        return new Remedy(id, description, command, "", Map.of(), false, cost);
    }

    /** One that the engine runs. */
    public static Remedy byPlaybook(
            String id, String description, String playbook, Map<String, String> parameters, Cost cost) {
        String arguments = new TreeMap<>(parameters)
                .entrySet().stream()
                        .map(entry -> " -e " + ShellQuote.quote(entry.getKey() + "=" + entry.getValue()))
                        .collect(Collectors.joining());
        return new Remedy(id, description, "understudy run " + playbook + arguments, playbook, parameters, false, cost);
    }

    public Remedy losingData() {
        return new Remedy(id, description, command, playbook, parameters, true, cost);
    }

    /** Whether {@code --repair} can run it. */
    public boolean automatic() {
        return !playbook.isEmpty();
    }
}
