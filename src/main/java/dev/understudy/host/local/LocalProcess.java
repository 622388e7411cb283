package dev.understudy.host.local;

import dev.understudy.host.Command;
import dev.understudy.host.posix.AccountSwitch;
import dev.understudy.host.posix.CommandErrors;
import dev.understudy.host.posix.CommandScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of this machine in a session of its own, so that it can be killed with all it started. */
final class LocalProcess {
    private static final List<String> SETSID = Stream.of("/usr/bin/setsid", "/bin/setsid")
            .filter(path -> Files.isExecutable(Path.of(path)))
            .limit(1)
            .toList();

    private final Process process;

    private LocalProcess(Process process) {
        this.process = process;
    }

    static LocalProcess start(Command command, AccountSwitch account) {
        List<String> words = new ArrayList<>(SETSID);
        words.addAll(List.of("/bin/sh", "-c", ascii(CommandScript.write("", command, account))));
        try {
            return new LocalProcess(new ProcessBuilder(words).start());
        } catch (IOException e) {
            throw CommandErrors.notStarted("local", command, e);
        }
    }

    /**
     * The JVM encodes arguments in the locale's charset, whatever that is, and ASCII is in all of them. Only what is not
     * ASCII is armoured: that costs another process.
     */
    private static String ascii(String script) {
        return script.chars().allMatch(c -> c < 128) ? script : CommandScript.armoured(script);
    }

    Process process() {
        return process;
    }

    /**
     * Kills the process and all that it started, at once. {@code setsid} made it the leader of a process group; those
     * that left the group are found as descendants, while they still are.
     */
    void kill() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        if (!SETSID.isEmpty() && process.isAlive()) {
            killGroup(process.pid());
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }

    private static void killGroup(long leader) {
        try {
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -s KILL -- -" + leader)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kill.waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("could not run kill", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
