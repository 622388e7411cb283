package dev.understudy.provision;

import dev.understudy.engine.run.EngineListener;
import dev.understudy.host.open.Hosts;
import dev.understudy.testing.EngineRuns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** One run of a playbook in a process of its own, for a test to kill; or it kills itself after a journal line. */
final class KilledProcess {
    private KilledProcess() {}

    /** The words that start it: as the leader of a process group of its own. */
    static List<String> command(Path state, String playbook, int killedAfter, Map<String, String> parameters) {
        List<String> words = new ArrayList<>(List.of(
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KilledProcess.class.getName(),
                state.toString(),
                playbook,
                Integer.toString(killedAfter)));
        parameters.forEach((name, value) -> words.add(name + "=" + value));
        return words;
    }

    /** Arguments: state directory, playbook, journal line to be killed after or 0, {@code NAME=VALUE} and so on. */
    public static void main(String[] arguments) {
        int killedAfter = Integer.parseInt(arguments[2]);
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 3; i < arguments.length; i++) {
            int equals = arguments[i].indexOf('=');
            parameters.put(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
        }
        // The first line, run-started, is written before anybody listens.
        if (killedAfter == 1) {
            throw new IllegalArgumentException("the first line is before the first that can be waited for");
        }
        AtomicInteger lines = new AtomicInteger(1);
        EngineListener listener = event -> {
            if (lines.incrementAndGet() == killedAfter) {
                killGroup();
            }
        };
        System.out.println(new EngineRuns(Path.of(arguments[0]), Hosts::open)
                .run(arguments[1], parameters, listener)
                .outcome());
        System.exit(0);
    }

    /** kill -9 of this process and of all that it has started in its process group; does not return. */
    private static void killGroup() {
        try {
            new ProcessBuilder(
                            "kill", "-KILL", "--", "-" + ProcessHandle.current().pid())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        while (true) {
            LockSupport.park();
        }
    }
}
