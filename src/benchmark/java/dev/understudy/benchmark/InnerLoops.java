package dev.understudy.benchmark;

import dev.understudy.benchmark.micro.ByteLoops;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the inner loops, each in a JVM of its own. */
final class InnerLoops {
    private InnerLoops() {}

    /** A line a loop: data a second of one thread, and how far apart the iterations were. */
    static List<String> run() {
        try {
            Collection<RunResult> results = new Runner(new OptionsBuilder()
                            .include(ByteLoops.class.getName() + "\\..*")
                            .verbosity(VerboseMode.SILENT)
                            .build())
                    .run();
            List<String> lines = new ArrayList<>();
            for (RunResult result : results) {
                double gigabytes = ByteLoops.bytes() / 1e9;
                lines.add(String.format(
                        Locale.ROOT,
                        "| %s | %.2f GB/s | ± %.2f |",
                        result.getPrimaryResult().getLabel(),
                        result.getPrimaryResult().getScore() * gigabytes,
                        result.getPrimaryResult().getScoreError() * gigabytes));
            }
            return lines;
        } catch (RunnerException e) {
            throw new IllegalStateException(e);
        }
    }
}
