package dev.understudy.plan;

import static dev.understudy.plan.Parameter.optional;
import static dev.understudy.plan.Parameter.withDefault;

import dev.understudy.plan.ParameterType.Choice;
import dev.understudy.plan.ParameterType.CommandLine;
import dev.understudy.plan.ParameterType.Settings;
import dev.understudy.plan.ParameterType.Span;
import dev.understudy.plan.ParameterType.Whole;
import java.util.ArrayList;
import java.util.List;

/** What every step can be told whose work is done by somebody else's command. */
final class HookParameters {
    private static final List<Parameter> COMMON = List.of(
            optional("cleanup", new CommandLine(), "What removes it again when the run gives up or tries once more."),
            withDefault(
                    "on",
                    Choice.of("here", "primary", "standby"),
                    "here",
                    "Where both run: on this machine, or on the primary's or the standby's host as whoever logs in."),
            optional("environment", new Settings(), "Variables for both, besides the run's facts."),
            withDefault("timeout", new Span(), "1h", "Limit after which either is killed."),
            withDefault("attempts", new Whole(1, 10), "1", "How often the command is tried."),
            withDefault("pause", new Span(), "10s", "Between two attempts; doubled each time."));

    private HookParameters() {}

    /** The step's own parameters, then the common ones. */
    static List<Parameter> with(Parameter... own) {
        List<Parameter> all = new ArrayList<>(List.of(own));
        all.addAll(COMMON);
        return all;
    }
}
