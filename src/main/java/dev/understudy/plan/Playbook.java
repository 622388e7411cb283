package dev.understudy.plan;

import dev.understudy.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A playbook as read, its parameters' values not yet put in. Immutable. */
public final class Playbook {
    private final String file;
    private final String text;
    private final String name;
    private final String description;
    private final SourcePosition parametersPosition;
    private final List<PlaybookParameter> parameters;
    private final List<RawValue> defaults;
    private final Map<Section, RawCall> sections;
    private final List<RawStep> steps;

    Playbook(
            String file,
            String text,
            String name,
            String description,
            SourcePosition parametersPosition,
            List<PlaybookParameter> parameters,
            List<RawValue> defaults,
            Map<Section, RawCall> sections,
            List<RawStep> steps) {
        this.file = file;
        this.text = text;
        this.name = name;
        this.description = description;
        this.parametersPosition = parametersPosition;
        this.parameters = List.copyOf(parameters);
        this.defaults = List.copyOf(defaults);
        this.sections = Map.copyOf(sections);
        this.steps = List.copyOf(steps);
    }

    /**
     * Reads a playbook. Everything that can be found without its parameters' values is checked.
     *
     * @param file how positions name it
     * @param text its contents; a byte order mark is skipped
     * @throws dev.understudy.error.UnderstudyException {@link ErrorCode#PLAYBOOK_INVALID}: the message is
     *     {@code file:line:column: what is wrong, what was expected}, the detail has further ones a line each
     */
    public static Playbook read(String file, String text) {
        return new PlaybookReader(file, text.startsWith("\uFEFF") ? text.substring(1) : text).read();
    }

    /**
     * Puts values in. A parameter without a value has its default; an empty value counts as not given.
     *
     * @param given what was given with {@code -e}
     * @throws dev.understudy.error.UnderstudyException {@link ErrorCode#PARAMETER_INVALID} if a parameter is unknown or
     *     missing, {@link ErrorCode#PLAYBOOK_INVALID} if a value does not fit where it is used
     */
    public Plan resolve(Map<String, String> given) {
        checkNames(given);
        Map<String, String> values = new HashMap<>();
        parameters.forEach(parameter -> {
            String value = given.getOrDefault(parameter.name(), "");
            values.put(
                    parameter.name(), value.isEmpty() ? parameter.findDefault().orElse("") : value);
        });
        Problems problems = new Problems();
        Arguments primary = section(Section.PRIMARY, values, problems);
        Arguments standby = section(Section.STANDBY, values, problems);
        List<StepCall> calls = new ArrayList<>();
        for (RawStep step : steps) {
            Arguments arguments =
                    ValueReader.readAll(step.kind().parameters(), step.call(), values, secretNames(), problems);
            ArgumentRule.all().stream()
                    .filter(rule -> rule.isBrokenBy(step.kind(), arguments))
                    .forEach(rule ->
                            problems.add(step.position(), "step \"" + step.name() + "\" has " + rule.message()));
            calls.add(new StepCall(step.kind(), step.name(), arguments, step.position()));
        }
        problems.throwIfAny(ErrorCode.PLAYBOOK_INVALID);
        return new Plan(
                this,
                given,
                primary == null ? null : new PrimarySection(primary),
                standby == null ? null : new StandbySection(standby),
                calls);
    }

    private @Nullable Arguments section(Section section, Map<String, String> values, Problems problems) {
        RawCall call = sections.get(section);
        return call == null ? null : ValueReader.readAll(section.parameters(), call, values, secretNames(), problems);
    }

    private void checkNames(Map<String, String> given) {
        Problems problems = new Problems();
        List<String> known = parameters.stream().map(PlaybookParameter::name).toList();
        given.keySet().stream()
                .filter(wanted -> !known.contains(wanted))
                .sorted()
                .forEach(wanted -> problems.add(
                        parametersPosition,
                        "unknown parameter " + Problems.quoted(wanted) + Problems.nearest(wanted, known) + ", expected "
                                + Problems.oneOf(known)));
        parameters.stream()
                .filter(parameter -> parameter.required()
                        && given.getOrDefault(parameter.name(), "").isEmpty())
                .forEach(parameter -> problems.add(
                        parameter.position(),
                        "parameter \"" + parameter.name() + "\" has no value, expected -e " + parameter.name()
                                + "=VALUE"
                                + (parameter.description().isEmpty()
                                        ? ""
                                        : ": " + Problems.printable(parameter.description()))));
        problems.throwIfAny(ErrorCode.PARAMETER_INVALID);
    }

    /** Names of the parameters that are secret as a whole. */
    Set<String> secretNames() {
        return parameters.stream()
                .filter(PlaybookParameter::secret)
                .map(PlaybookParameter::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** How positions name it. */
    public String file() {
        return file;
    }

    /** The text that was read. */
    public String text() {
        return text;
    }

    public String name() {
        return name;
    }

    public String description() {
        return description;
    }

    /** In the order of their declaration. */
    public List<PlaybookParameter> parameters() {
        return parameters;
    }

    /** Defaults of parameters, their owner being the parameter's name. */
    List<RawValue> defaults() {
        return defaults;
    }

    /** Every other scalar with a value. */
    List<RawValue> values() {
        List<RawValue> values = new ArrayList<>();
        sections.values().forEach(call -> values.addAll(call.values().values()));
        steps.forEach(step -> values.addAll(step.call().values().values()));
        return values;
    }
}
