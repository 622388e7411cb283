package dev.understudy.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Coverage-guided fuzzing of every reader by Jazzer, each in a process of its own with little memory. Run by {@code mvn
 * -Pfuzz}; {@code -Dunderstudy.fuzz.seconds} is the time of each. What it finds is kept in {@code target/fuzz}.
 */
@Execution(ExecutionMode.CONCURRENT)
final class Fuzzing {
    private static final int SECONDS = Integer.getInteger("understudy.fuzz.seconds", 2);
    /** A reader must get along with this; the coverage map and the classes are in it, too. */
    private static final String HEAP = "-Xmx256m";
    /** Longest time of one input. */
    private static final int INPUT_SECONDS = 5;

    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");

    @TempDir
    Path temporary;

    @ParameterizedTest
    @EnumSource(FuzzTarget.class)
    void onlyTheDocumentedErrorsInBoundedMemoryAndTime(FuzzTarget target) throws Exception {
        Path found = Files.createDirectories(Path.of("target/fuzz", target.directory()));
        Path log = found.resolve("log");

        Process fuzzer = new ProcessBuilder(command(target, found))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(fuzzer.waitFor(SECONDS + 120L, TimeUnit.SECONDS))
                    .as("the fuzzer ends in time, see %s", log)
                    .isTrue();
        } finally {
            fuzzer.destroyForcibly();
        }

        String said = Files.readString(log);
        assertThat(fuzzer.exitValue()).as("%s", said).isZero();
        Matcher done = DONE.matcher(said);
        assertThat(done.find()).as("%s", said).isTrue();
        assertThat(Long.parseLong(done.group(1))).as("inputs that were read").isPositive();
    }

    private List<String> command(FuzzTarget target, Path found) throws IOException {
        Path corpus = Files.createDirectory(temporary.resolve("corpus"));
        int number = 0;
        for (byte[] seed : target.seeds()) {
            Files.write(corpus.resolve("seed-" + number++), seed);
        }
        for (Path former : target.corpus()) {
            Files.copy(former, corpus.resolve("former-" + number++));
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.harness(),
                "--instrumentation_includes=dev.understudy.**:org.snakeyaml.**:com.fasterxml.jackson.core.**",
                "--reproducer_path=" + found,
                "-artifact_prefix=" + found + "/",
                "-max_total_time=" + SECONDS,
                "-timeout=" + INPUT_SECONDS,
                "-max_len=" + target.longestBytes(),
                "-rss_limit_mb=1024",
                "-print_final_stats=1"));
        command.add(corpus.toString());
        return command;
    }
}
