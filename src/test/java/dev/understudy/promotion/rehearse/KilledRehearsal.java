package dev.understudy.promotion.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.journal.JournalEvent;
import dev.understudy.engine.run.EngineListener;
import dev.understudy.host.open.Hosts;
import dev.understudy.testing.EngineRuns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that begins a rehearsal and is gone, as by {@code kill -9}, the moment that a fact is in the journal. */
final class KilledRehearsal {
    private static final int HALTED = 137;
    private static final int LIMIT_MINUTES = 10;

    private KilledRehearsal() {}

    /** Runs it to its end, which it does not survive. */
    static void run(Path state, String fact, Map<String, String> parameters) {
        List<String> words = new ArrayList<>(List.of(
                "setsid",
                "--wait",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KilledRehearsal.class.getName(),
                state.toString(),
                fact));
        parameters.forEach((name, value) -> words.add(name + "=" + value));
        try {
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IllegalStateException("did not come to the fact \"" + fact + "\" in time");
            }
            assertThat(process.exitValue())
                    .as("status of the process that halts at " + fact)
                    .isEqualTo(HALTED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Arguments: state directory, fact to halt at, {@code NAME=VALUE} and so on. */
    public static void main(String[] arguments) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 2; i < arguments.length; i++) {
            int equals = arguments[i].indexOf('=');
            parameters.put(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
        }
        EngineListener listener = event -> {
            if (event instanceof JournalEvent.FactRecorded fact && fact.name().equals(arguments[1])) {
                Runtime.getRuntime().halt(HALTED);
            }
        };
        System.out.println(new EngineRuns(Path.of(arguments[0]), Hosts::open)
                .run("rehearsal", parameters, listener)
                .outcome());
        System.exit(0);
    }
}
