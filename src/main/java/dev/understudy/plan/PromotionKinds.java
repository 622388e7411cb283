package dev.understudy.plan;

import static dev.understudy.plan.Parameter.optional;
import static dev.understudy.plan.Parameter.required;
import static dev.understudy.plan.Parameter.withDefault;

import dev.understudy.plan.ParameterType.Choice;
import dev.understudy.plan.ParameterType.Text;
import dev.understudy.plan.Places.AbsolutePath;
import java.util.List;
import java.util.Set;

/** The kinds of step that look before a promotion. */
public final class PromotionKinds {
    public static final String RANK_STANDBYS = "rank-standbys";

    static final List<StepKind> ALL = List.of(new StepKind(
            RANK_STANDBYS,
            "Checks several standbys as before a promotion and ranks them; changes nothing.",
            Set.of(Section.PRIMARY),
            List.of(
                    required("standbys", new Text(), "Connection strings of the standbys, separated by semicolons."),
                    optional("hosts", new Text(), "Where their files are, in the same order, separated by semicolons."),
                    optional("data_directory", new AbsolutePath(), "Their data directory, on each of the hosts."),
                    optional("policy", new AbsolutePath(), "A policy file on this machine."),
                    withDefault("depth", Choice.of("quick", "full"), "quick", "How deep corruption is looked for."))));

    private PromotionKinds() {}
}
