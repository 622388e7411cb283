package dev.understudy.provision.hook;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Probe;
import dev.understudy.engine.Step;
import dev.understudy.engine.StepContext;
import dev.understudy.engine.Verdict;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.host.LeftProcesses;
import dev.understudy.provision.backup.StartBackup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs a command of the user on this machine, with the run's facts in its environment. Status 0 is its own word that the
 * goal is met; what it wrote is kept as evidence.
 */
public final class RunCommand implements Step {
    private static final int SHOWN_CHARACTERS = 2_000;

    private final Host here;
    private final String name;
    private final String command;
    private final Optional<String> undo;
    private final Duration limit;
    private final Map<String, String> environment;

    /** @param environment variables besides the run's facts */
    public RunCommand(
            Host here,
            String name,
            String command,
            Optional<String> undo,
            Duration limit,
            Map<String, String> environment) {
        this.here = here;
        this.name = name;
        this.command = command;
        this.undo = undo;
        this.limit = limit;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public String name() {
        return name;
    }

    private String begun() {
        return name.replace('-', '_') + "_begun";
    }

    private String done() {
        return name.replace('-', '_') + "_done";
    }

    /** A command inside the bracket belongs to one backup: when that starts over, the command runs again. */
    private String occasion(StepContext context) {
        return context.facts().find(StartBackup.LABEL).orElse("before the backup");
    }

    @Override
    public Probe probe(StepContext context) {
        return context.facts().find(done()).filter(occasion(context)::equals).isPresent()
                ? new Probe.Satisfied(List.of())
                : new Probe.Pending("run: " + command);
    }

    @Override
    public List<Evidence> apply(StepContext context) {
        endLeft(context);
        context.record(begun(), "true");
        CommandResult result = here.run(command(context, command));
        if (!result.succeeded()) {
            throw UnderstudyException.of(
                            ErrorCode.HOOK_FAILED,
                            "the command of step \"%s\" ended with status %d",
                            name,
                            result.status())
                    .detail("%s", shown(result))
                    .build();
        }
        context.record(done(), occasion(context));
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(context.evidence("ended with status 0: " + command, "/bin/sh on this machine"));
        if (!shown(result).isBlank()) {
            evidence.add(context.evidence("wrote: " + shown(result), "the command's output"));
        }
        return evidence;
    }

    /** A command whose run was killed goes on by itself; what one that ended well left running is meant to run. */
    private void endLeft(StepContext context) {
        if (context.facts().isTrue(begun()) && context.facts().find(done()).isEmpty()) {
            LeftProcesses.end(here, context.run(), name);
        }
    }

    private Command command(StepContext context, String script) {
        Command shell = Command.shell(script).withLimit(limit);
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            shell = shell.withEnvironment(variable.getKey(), variable.getValue());
        }
        for (Map.Entry<String, String> fact : context.facts().asEnvironment().entrySet()) {
            shell = shell.withEnvironment(fact.getKey(), fact.getValue());
        }
        for (Map.Entry<String, String> variable :
                HookEnvironment.of(context, name).entrySet()) {
            shell = shell.withEnvironment(variable.getKey(), variable.getValue());
        }
        return shell;
    }

    private static String shown(CommandResult result) {
        String text = (result.text() + "\n" + result.error().strip()).strip();
        return text.length() > SHOWN_CHARACTERS ? "…" + text.substring(text.length() - SHOWN_CHARACTERS) : text;
    }

    @Override
    public Verdict verify(StepContext context) {
        return new Verdict.Verified(
                List.of(context.evidence("the command said that it was done, by status 0", "the run's journal")));
    }

    @Override
    public List<Evidence> undo(StepContext context) {
        endLeft(context);
        if (undo.isEmpty() || !context.facts().isTrue(begun())) {
            return List.of();
        }
        CommandResult result = here.run(command(context, undo.get()));
        if (!result.succeeded()) {
            throw UnderstudyException.of(
                            ErrorCode.UNDO_INCOMPLETE,
                            "the undo command of step \"%s\" ended with status %d",
                            name,
                            result.status())
                    .detail("%s", shown(result))
                    .hint("Run it by hand: %s", undo.get())
                    .build();
        }
        return List.of(context.evidence("ran the undo command: " + undo.get(), "/bin/sh on this machine"));
    }
}
