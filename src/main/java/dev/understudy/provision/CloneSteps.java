package dev.understudy.provision;

import dev.understudy.engine.Step;
import dev.understudy.engine.run.Patience;
import dev.understudy.engine.run.RetryPolicy;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.plan.Arguments;
import dev.understudy.plan.StepCall;
import dev.understudy.provision.clone.AttachClone;
import dev.understudy.provision.clone.SnapshotOptions;
import dev.understudy.provision.clone.TakeSnapshot;
import dev.understudy.provision.hook.Hook;
import dev.understudy.provision.site.Site;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Makes the steps that leave the copy to somebody else's command. */
record CloneSteps(Site site) {
    private static final Set<ErrorCode> WORTH_TRYING_AGAIN = Set.of(ErrorCode.HOOK_FAILED, ErrorCode.HOST_UNREACHABLE);

    /** The number of attempts is the limit; this one is for a machine that stays away. */
    private static final Duration LONGEST = Duration.ofDays(1);

    /** A hook is its author's to repeat, as often as the plan says. */
    static RetryPolicy retries(StepCall call) {
        Duration pause = call.arguments().duration("pause");
        return new RetryPolicy(
                WORTH_TRYING_AGAIN,
                new Patience(call.arguments().integer("attempts"), pause, pause.multipliedBy(8), LONGEST));
    }

    Step snapshot(StepCall call) {
        Arguments arguments = call.arguments();
        OptionalInt parallel =
                arguments.findInteger("parallel").map(OptionalInt::of).orElse(OptionalInt.empty());
        return new TakeSnapshot(
                site, hook(call, arguments.text("command")), new SnapshotOptions(arguments.names("volumes"), parallel));
    }

    /** @param last whether the clone is in its place after this one */
    Step attach(StepCall call, boolean last) {
        Optional<Hook> hook = call.arguments().findText("command").map(command -> hook(call, command));
        return new AttachClone(site, call.name(), hook, last);
    }

    private Hook hook(StepCall call, String command) {
        Arguments arguments = call.arguments();
        return new Hook(
                call.name(),
                command,
                arguments.findText("cleanup"),
                host(call),
                arguments.duration("timeout"),
                arguments.pairs("environment"));
    }

    private Host host(StepCall call) {
        return switch (call.arguments().text("on")) {
            case "primary" ->
                site.primary()
                        .host()
                        .orElseThrow(() -> UnderstudyException.of(
                                        ErrorCode.VALUE_INVALID,
                                        "%s: step \"%s\" runs its command on the primary's host, and the plan names none",
                                        call.position(),
                                        call.name())
                                .hint("Give the playbook's primary_host: local, or ssh://user@host.")
                                .build());
            case "standby" -> site.target().login();
            default -> site.here();
        };
    }
}
