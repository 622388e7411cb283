package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Step;
import dev.understudy.plan.Arguments;
import dev.understudy.plan.RehearsalKinds;
import dev.understudy.plan.StepCall;
import dev.understudy.provision.site.Site;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The steps that rehearse a promotion, beside those that start and stop the backup for it. */
public final class RehearsalSteps {
    private RehearsalSteps() {}

    /** What makes each, by its kind. */
    public static Map<String, Function<StepCall, Step>> steps(Site site) {
        Map<String, Function<Arguments, Step>> makers = Map.of(
                RehearsalKinds.CHECK_REHEARSAL,
                arguments -> new CheckRehearsal(
                        site,
                        new RehearsalWish(
                                arguments.text("data_directory"), arguments.text("copy"), arguments.names("probes"))),
                RehearsalKinds.HOLD_WAL,
                arguments -> new UnlessOver(new HoldWal(site, arguments.duration("interval"))),
                RehearsalKinds.COPY_STANDBY,
                arguments -> new UnlessOver(new CopyStandby(
                        site,
                        new CopyStandby.Gentleness(
                                arguments.integer("workers"),
                                arguments.size("rate_limit"),
                                arguments.size("max_lag"),
                                arguments.duration("max_pause")))),
                RehearsalKinds.ISOLATE_COPY,
                arguments -> new UnlessOver(new IsolateCopy(site, arguments.size("shared_buffers"))),
                RehearsalKinds.START_COPY,
                arguments ->
                        new UnlessOver(new StartCopy(site, arguments.integer("nice"), arguments.duration("timeout"))),
                RehearsalKinds.PROMOTE_COPY,
                arguments -> new UnlessOver(new PromoteCopy(site, arguments.duration("timeout"))),
                RehearsalKinds.EXAMINE_COPY,
                arguments ->
                        new UnlessOver(new ExamineCopy(site, arguments.names("probes"), arguments.duration("timeout"))),
                RehearsalKinds.REMOVE_COPY,
                arguments -> new RemoveCopy(site, arguments.text("keep").equals("on-failure")));
        Map<String, Function<StepCall, Step>> steps = new HashMap<>();
        makers.forEach((kind, maker) -> steps.put(kind, call -> maker.apply(call.arguments())));
        return steps;
    }
}
