package dev.understudy.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads filled-in scalars to their parameters' types. */
final class ValueReader {
    private ValueReader() {}

    /**
     * One value; empty if it is not given, or a problem was found.
     *
     * @param values the playbook's parameters
     * @param secrets names of those whose value must not be shown
     */
    static Optional<Object> read(
            Parameter parameter, RawValue raw, Map<String, String> values, Set<String> secrets, Problems problems) {
        String text = raw.template().fill(values);
        if (text.isEmpty()) {
            if (parameter.required()) {
                problems.add(
                        raw.position(),
                        raw.owner() + " is empty" + from(raw) + ", expected "
                                + parameter.type().expected());
            }
            return Optional.empty();
        }
        if (parameter.type() instanceof ParameterType.CommandLine && holdsSecret(raw, text, secrets)) {
            problems.add(
                    raw.position(),
                    raw.owner() + " has a password in it" + from(raw) + ", which everybody on the machine could read,"
                            + " expected a command that finds it in a password file or in its environment");
            return Optional.empty();
        }
        Optional<Object> value = parameter.type().find(text);
        if (value.isEmpty()) {
            boolean shown = !(parameter.type() instanceof ParameterType.ConnectionString)
                    && raw.template().references().stream().noneMatch(secrets::contains);
            problems.add(
                    raw.position(),
                    raw.owner() + (shown ? ": " + Problems.quoted(text) : "") + " is not valid" + from(raw)
                            + ", expected " + parameter.type().expected());
        }
        return value;
    }

    private static boolean holdsSecret(RawValue raw, String filled, Set<String> secrets) {
        return !Secrets.find(filled).isEmpty()
                || raw.template().references().stream().anyMatch(secrets::contains);
    }

    /** All values of a section or step, defaults filled in. */
    static Arguments readAll(
            List<Parameter> parameters,
            RawCall call,
            Map<String, String> values,
            Set<String> secrets,
            Problems problems) {
        Map<String, Object> read = new HashMap<>();
        for (Parameter parameter : parameters) {
            RawValue raw = call.values().get(parameter.name());
            Optional<Object> value = raw == null ? Optional.empty() : read(parameter, raw, values, secrets, problems);
            value.or(() -> parameter.findDefault().flatMap(parameter.type()::find))
                    .ifPresent(found -> read.put(parameter.name(), found));
        }
        return new Arguments(read);
    }

    /** Names the parameters that the value comes from. */
    private static String from(RawValue raw) {
        List<String> names = raw.template().references();
        return names.isEmpty() ? "" : " (from -e " + String.join(", ", names) + ")";
    }
}
