package dev.understudy.provision.hook;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.LeftProcesses;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs the commands of a {@link Hook}: environment in, JSON out, all that it writes into a log file of the run. What it
 * says that it made is journaled while it runs.
 */
public final class HookRun {
    private static final int SHOWN_CHARACTERS = 2_000;

    private final Hook hook;
    private final StepContext context;
    private final HookFacts facts;

    public HookRun(Hook hook, StepContext context) {
        this.hook = hook;
        this.context = context;
        this.facts = new HookFacts(context, hook.step());
    }

    public HookFacts facts() {
        return facts;
    }

    /**
     * Runs the command.
     *
     * @param additional variables for this time alone, by name
     * @throws UnderstudyException {@link ErrorCode#HOOK_FAILED}, {@link ErrorCode#HOOK_OUTPUT_INVALID}
     */
    public List<Evidence> run(Map<String, String> additional) {
        facts.begin();
        Path log = log("hook");
        List<String> messages = Collections.synchronizedList(new ArrayList<>());
        long begun = System.nanoTime();
        CommandResult result;
        HookOutputStream output;
        try (OutputStream file = open(log)) {
            output = new HookOutputStream(file, said -> take(said, messages));
            result = runLogged(command(hook.command(), "run", additional), output, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!result.succeeded()) {
            throw failed(result, log);
        }
        output.problem().ifPresent(problem -> {
            throw invalid(problem, log);
        });
        double seconds = (System.nanoTime() - begun) / 1e9;
        return evidence(result, messages, seconds, log);
    }

    private void take(HookOutput said, List<String> messages) {
        facts.add(said);
        if (!said.message().isEmpty()) {
            messages.add(said.message());
        }
    }

    private List<Evidence> evidence(CommandResult result, List<String> messages, double seconds, Path log) {
        List<Evidence> evidence = new ArrayList<>();
        String source = "/bin/sh on " + hook.host().name() + ", log " + log.getFileName();
        evidence.add(context.evidence(
                String.format(Locale.ROOT, "the hook ended with status 0 after %.3f s", seconds), source));
        facts.made().forEach(made -> evidence.add(context.evidence("made " + made, "the hook's JSON")));
        facts.devices().forEach(device -> evidence.add(context.evidence("device " + device, "the hook's JSON")));
        messages.forEach(message -> evidence.add(context.evidence("said: " + message, "the hook's JSON")));
        if (!result.error().isBlank()) {
            evidence.add(context.evidence("wrote: " + shown(result.error()), "the hook's standard error"));
        }
        return evidence;
    }

    /**
     * Takes back what the hook made, if anything, by the clean-up command.
     *
     * @throws UnderstudyException {@link ErrorCode#UNDO_INCOMPLETE} naming what is left
     */
    public List<Evidence> cleanUp() {
        if (!facts.hasBegun()) {
            return List.of();
        }
        if (facts.isOpen()) {
            // What it still does, since only its run was killed, would be made after the clean-up.
            LeftProcesses.end(hook.host(), context.run(), hook.step());
        }
        List<String> made = facts.made();
        if (hook.cleanup().isEmpty()) {
            if (made.isEmpty()) {
                return List.of();
            }
            throw left(made, "The plan has no clean-up command.").build();
        }
        Path log = log("cleanup");
        CommandResult result;
        try (OutputStream file = open(log)) {
            result = runLogged(command(hook.cleanup().get(), "cleanup", Map.of()), file, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UnderstudyException e) {
            throw left(made, e.message()).cause(e).build();
        }
        if (!result.succeeded()) {
            throw left(
                            made,
                            "The clean-up command ended with status %d: %s"
                                    .formatted(result.status(), shown(result.error())))
                    .build();
        }
        facts.clear();
        String what = made.isEmpty() ? "nothing that the hook had named" : String.join(", ", made);
        return List.of(context.evidence("cleaned up: " + what, "the clean-up command, log " + log.getFileName()));
    }

    private UnderstudyException.Builder left(List<String> made, String why) {
        return UnderstudyException.of(
                        ErrorCode.UNDO_INCOMPLETE,
                        "what the hook of step \"%s\" made is left on %s: %s",
                        hook.step(),
                        hook.host().name(),
                        made.isEmpty() ? "what, it did not say" : String.join(", ", made))
                .detail("%s", why)
                .hint("Remove it by hand, or put the clean-up right and run: understudy abort %s", context.run());
    }

    private CommandResult runLogged(Command command, OutputStream output, OutputStream log) throws IOException {
        context.waiting("the command of step \"" + hook.step() + "\"");
        CommandResult result;
        try {
            result = hook.host().run(command, output);
        } catch (UnderstudyException e) {
            context.checkAlive();
            if (e.code() == ErrorCode.COMMAND_TIMED_OUT) {
                throw UnderstudyException.of(
                                ErrorCode.HOOK_FAILED,
                                "the command of step \"%s\" ran longer than its timeout of %s",
                                hook.step(),
                                seconds(hook.limit()))
                        .detail("%s", e.detail())
                        .cause(e)
                        .build();
            }
            throw e;
        }
        log.write(("\n-- standard error --\n" + result.error()).getBytes(StandardCharsets.UTF_8));
        return result;
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private Command command(String script, String call, Map<String, String> additional) {
        Map<String, String> variables = new TreeMap<>(hook.environment());
        variables.putAll(context.facts().asEnvironment());
        variables.putAll(HookEnvironment.of(context, hook.step()));
        variables.put("UNDERSTUDY_CALL", call);
        List<String> newestFirst = new ArrayList<>(facts.made());
        Collections.reverse(newestFirst);
        variables.put("UNDERSTUDY_MADE", String.join("\n", newestFirst));
        variables.put("UNDERSTUDY_DEVICES", String.join("\n", facts.devices()));
        variables.putAll(additional);
        Command command = Command.shell(script).withLimit(hook.limit());
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            command = command.withEnvironment(variable.getKey(), variable.getValue());
        }
        return command;
    }

    private Path log(String kind) {
        return context.directory().resolve("%s-%s-%d.log".formatted(hook.step(), kind, facts.nextNumber()));
    }

    private static OutputStream open(Path log) throws IOException {
        Files.createFile(log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return new BufferedOutputStream(Files.newOutputStream(log, StandardOpenOption.APPEND));
    }

    private UnderstudyException failed(CommandResult result, Path log) {
        return UnderstudyException.of(
                        ErrorCode.HOOK_FAILED,
                        "the command of step \"%s\" ended with status %d",
                        hook.step(),
                        result.status())
                .detail("%s", result.error().isBlank() ? "It wrote nothing to standard error." : shown(result.error()))
                .hint("All that it wrote is in %s.", log)
                .build();
    }

    private UnderstudyException invalid(String problem, Path log) {
        return UnderstudyException.of(
                        ErrorCode.HOOK_OUTPUT_INVALID,
                        "the command of step \"%s\" broke the contract for its standard output: %s",
                        hook.step(),
                        problem.lines().findFirst().orElse(problem))
                .detail("Standard output takes JSON objects with made, devices, values, message and nothing else.")
                .hint("Send everything else to standard error: put exec 3>&1 1>&2 first, and write the JSON by >&3.")
                .hint("All that it wrote is in %s.", log)
                .build();
    }

    private static String shown(String text) {
        String stripped = text.strip();
        return stripped.length() > SHOWN_CHARACTERS
                ? "…" + stripped.substring(stripped.length() - SHOWN_CHARACTERS)
                : stripped;
    }
}
