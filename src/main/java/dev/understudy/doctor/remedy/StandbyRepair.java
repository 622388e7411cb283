package dev.understudy.doctor.remedy;

import dev.understudy.engine.Step;
import dev.understudy.plan.RepairKinds;
import dev.understudy.plan.StepCall;
import dev.understudy.postgres.Lsn;
import dev.understudy.provision.site.Site;
import java.util.Map;
import java.util.function.Function;

/** The steps that repair a standby where it is, beside those that build one. */
public final class StandbyRepair {
    private StandbyRepair() {}

    /** What makes each, by its kind. */
    public static Map<String, Function<StepCall, Step>> steps(Site site) {
        return Map.of(
                RepairKinds.STOP_STANDBY,
                call -> new StopStandby(site, call.arguments().text("start")),
                RepairKinds.STOP_EXCLUSIVE_BACKUP,
                call -> new StopExclusiveBackup(
                        site,
                        Lsn.parse(call.arguments().text("start_lsn")),
                        call.arguments().duration("timeout")),
                RepairKinds.AWAIT_CONSISTENCY,
                call -> new AwaitConsistency(site, call.arguments().duration("timeout")),
                RepairKinds.SWITCH_WAL,
                call -> new SwitchWal(site.primary().conninfo()),
                RepairKinds.AWAIT_REPLAY,
                call -> new AwaitReplay(
                        site,
                        Lsn.parse(call.arguments().text("lsn")),
                        call.arguments().duration("timeout")));
    }
}
