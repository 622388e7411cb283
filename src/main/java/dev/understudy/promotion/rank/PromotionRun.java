package dev.understudy.promotion.rank;

import dev.understudy.engine.Step;
import dev.understudy.engine.run.RunDefinition;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.plan.Arguments;
import dev.understudy.plan.Plan;
import dev.understudy.plan.PromotionKinds;
import dev.understudy.plan.StepCall;
import dev.understudy.postgres.Conninfo;
import dev.understudy.promotion.CheckCatalogue;
import dev.understudy.promotion.facts.Depth;
import dev.understudy.promotion.gather.PromotionGatherer;
import dev.understudy.promotion.gather.PromotionRequest;
import dev.understudy.promotion.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The steps of a plan that looks before a promotion. */
public final class PromotionRun {
    private final Plan plan;
    private final PromotionGatherer gatherer;

    private PromotionRun(Plan plan, PromotionGatherer gatherer) {
        this.plan = plan;
        this.gatherer = gatherer;
    }

    /** Whether a plan is of this kind. */
    public static boolean isOne(Plan plan) {
        return plan.steps().stream().anyMatch(call -> call.kind().name().equals(PromotionKinds.RANK_STANDBYS));
    }

    /** @param hosts gives a host by its name */
    public static RunDefinition definition(Plan plan, Function<String, Host> hosts) {
        PromotionRun run = new PromotionRun(plan, new PromotionGatherer(hosts, Clock.systemUTC()));
        List<Step> steps = new ArrayList<>();
        plan.steps().forEach(call -> steps.add(run.step(call)));
        return RunDefinition.of(steps);
    }

    private Step step(StepCall call) {
        if (!call.kind().name().equals(PromotionKinds.RANK_STANDBYS)) {
            throw UnderstudyException.of(
                            ErrorCode.PLAYBOOK_INVALID,
                            "step \"%s\" cannot stand beside step \"%s\"",
                            call.name(),
                            PromotionKinds.RANK_STANDBYS)
                    .build();
        }
        Arguments arguments = call.arguments();
        Policy policy = arguments.findText("policy").map(PromotionRun::policy).orElseGet(Policy::standard);
        List<String> standbys = parts(arguments.text("standbys"));
        List<String> hosts =
                arguments.findText("hosts").map(PromotionRun::parts).orElse(List.of());
        if (!hosts.isEmpty() && hosts.size() != standbys.size()) {
            throw UnderstudyException.of(
                            ErrorCode.VALUE_INVALID, "%d hosts for %d standbys", hosts.size(), standbys.size())
                    .hint("Name one for each, in the same order, separated by semicolons.")
                    .build();
        }
        Depth depth = Depth.valueOf(arguments.text("depth").toUpperCase(Locale.ROOT));
        List<PromotionRequest> requests = new ArrayList<>();
        for (int i = 0; i < standbys.size(); i++) {
            requests.add(new PromotionRequest(
                    Conninfo.parse(standbys.get(i)),
                    Optional.of(Conninfo.parse(plan.primary().connect())),
                    hosts.isEmpty() ? "local" : hosts.get(i),
                    hosts.isEmpty() ? Optional.empty() : arguments.findText("data_directory"),
                    others(standbys, i),
                    depth,
                    Optional.empty(),
                    policy));
        }
        return new RankStandbys(call.name(), requests, policy, gatherer);
    }

    /** Those beside a standby would follow it. */
    private static List<Conninfo> others(List<String> standbys, int index) {
        return Stream.concat(standbys.subList(0, index).stream(), standbys.subList(index + 1, standbys.size()).stream())
                .map(Conninfo::parse)
                .toList();
    }

    private static List<String> parts(String text) {
        return Stream.of(text.split(";", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private static Policy policy(String file) {
        try {
            return Policy.read(file, Files.readString(Path.of(file)), CheckCatalogue.dispensable());
        } catch (IOException e) {
            throw UnderstudyException.of(ErrorCode.VALUE_INVALID, "could not read file \"%s\"", file)
                    .detail("%s", e.toString())
                    .cause(e)
                    .build();
        }
    }
}
