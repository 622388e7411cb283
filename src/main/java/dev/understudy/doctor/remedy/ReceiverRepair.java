package dev.understudy.doctor.remedy;

import dev.understudy.engine.Step;
import dev.understudy.engine.journal.TargetHold;
import dev.understudy.engine.run.RunDefinition;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.plan.Arguments;
import dev.understudy.plan.Plan;
import dev.understudy.plan.RepairKinds;
import dev.understudy.plan.StepCall;
import dev.understudy.postgres.Conninfo;
import dev.understudy.provision.lock.TargetLock;
import dev.understudy.provision.site.TargetAccount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The steps of a plan that has a primary and no standby: they repair a receiver, its directory and its slot. */
public final class ReceiverRepair implements AutoCloseable {
    private final Plan plan;
    private final Function<String, Host> opener;
    private final Map<String, Host> hosts = new HashMap<>();
    private final RunDefinition definition;

    private ReceiverRepair(Plan plan, Function<String, Host> opener) {
        this.plan = plan;
        this.opener = opener;
        List<Step> steps = new ArrayList<>();
        plan.steps().forEach(call -> steps.add(step(call)));
        this.definition = RunDefinition.of(steps);
    }

    /**
     * Opens the hosts that the plan's steps name.
     *
     * @param hosts gives a host by its name
     */
    public static ReceiverRepair open(Plan plan, Function<String, Host> hosts) {
        return new ReceiverRepair(plan, hosts);
    }

    public RunDefinition definition() {
        return definition;
    }

    /** What the run works on, for people: the receiver's directory, else the slot. */
    public String target() {
        return plan.steps().stream()
                .map(StepCall::arguments)
                .flatMap(arguments -> arguments.findText("directory").or(() -> arguments.findText("backup")).stream())
                .findFirst()
                .orElse("the primary");
    }

    /** Locks the receiver's directory, where it lies; a plan without one is kept apart by the state directory alone. */
    public TargetHold lock(String run) {
        return plan.steps().stream()
                .filter(call -> call.arguments().findText("directory").isPresent())
                .findFirst()
                .<TargetHold>map(call -> {
                    ReceiverPlace place = place(call);
                    return TargetLock.take(place.host(), place.directory(), target(), run);
                })
                .orElse(TargetHold.NONE);
    }

    private Step step(StepCall call) {
        Conninfo primary = Conninfo.parse(plan.primary().connect());
        return switch (call.kind().name()) {
            case RepairKinds.SET_ARCHIVE_ASIDE ->
                new SetArchiveAside(primary, place(call), slot(call), command(call, "stop"));
            case RepairKinds.RENEW_SLOT -> new RenewSlot(primary, slot(call));
            case RepairKinds.START_RECEIVER ->
                new StartReceiver(
                        primary,
                        host(call),
                        call.arguments().text("command"),
                        command(call, "stop"),
                        slot(call),
                        call.arguments().duration("timeout"));
            case RepairKinds.PROVE_RECEIVER ->
                new ProveReceiver(
                        primary, place(call), slot(call), call.arguments().duration("timeout"));
            case RepairKinds.SWITCH_WAL -> new SwitchWal(primary);
            case RepairKinds.KEEP_BASE_BACKUP -> baseBackup(primary, call);
            default ->
                throw UnderstudyException.of(
                                ErrorCode.PLAYBOOK_INVALID, "step \"%s\" needs a standby section", call.name())
                        .build();
        };
    }

    private Step baseBackup(Conninfo primary, StepCall call) {
        Arguments arguments = call.arguments();
        String directory = arguments.text("backup");
        Host login = host(call);
        return new KeepBaseBackup(
                primary,
                login.as(TargetAccount.choose(login, Optional.empty(), directory)),
                new KeepBaseBackup.Wanted(
                        directory,
                        arguments.findText("bin_directory"),
                        arguments.findText("receiver"),
                        arguments.pairs("tablespaces"),
                        arguments.text("checkpoint"),
                        arguments.findSize("rate_limit").orElse(0L),
                        arguments.duration("timeout")));
    }

    private static String slot(StepCall call) {
        return call.arguments().text("slot");
    }

    private static Optional<String> command(StepCall call, String name) {
        return call.arguments().findText(name);
    }

    private Host host(StepCall call) {
        return hosts.computeIfAbsent(call.arguments().text("host"), opener);
    }

    /** Files are moved as the account that owns the directory. */
    private ReceiverPlace place(StepCall call) {
        String directory = call.arguments().text("directory");
        Host login = host(call);
        Host host = login.as(TargetAccount.choose(login, Optional.empty(), directory));
        return new ReceiverPlace(login, host, directory);
    }

    @Override
    public void close() {
        hosts.values().forEach(Host::close);
    }
}
