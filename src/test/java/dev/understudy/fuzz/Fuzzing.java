package dev.understudy.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Coverage-guided fuzzing by Jazzer, in a process of its own with little memory. Run by {@code mvn -Pfuzz test}: all
 * readers at once, or the one that {@code -Dunderstudy.fuzz.target=WAL} names; for {@code -Dunderstudy.fuzz.seconds}.
 * The log and what it finds are in {@code target/fuzz}.
 */
final class Fuzzing {
    private static final int SECONDS = Integer.getInteger("understudy.fuzz.seconds", 30);
    private static final String TARGET = System.getProperty(FuzzedReaders.TARGET, "");
    /** The readers, the fuzzer's own tables and the rewriting of classes get along with it. */
    private static final String HEAP = "-Xmx256m";
    /** Longest time of one input, in seconds. */
    private static final int LONGEST = 10;
    /** Starting and ending, on a machine that does other things besides. */
    private static final int SLACK_SECONDS = 240;

    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in \\d+ second");

    @TempDir
    Path corpus;

    @Test
    void readersGiveOnlyTheirDocumentedErrorsInBoundedMemoryAndTime() throws Exception {
        Path found = Files.createDirectories(Path.of("target/fuzz", TARGET));
        Path log = found.resolve("log");

        Process fuzzer = new ProcessBuilder(command(found))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(fuzzer.waitFor(SECONDS + SLACK_SECONDS, TimeUnit.SECONDS))
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

    private List<String> command(Path found) throws IOException {
        List<FuzzTarget> targets =
                TARGET.isEmpty() ? Arrays.asList(FuzzTarget.values()) : List.of(FuzzTarget.valueOf(TARGET));
        writeCorpus(targets);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=" + (TARGET.isEmpty() ? 1 : 4), // A short run is mostly its start.
                "-D" + FuzzedReaders.TARGET + "=" + TARGET,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzedReaders.class.getName(),
                "--instrumentation_includes=dev.understudy.**",
                "--custom_hook_includes=dev.understudy.**", // Else every library's classes are rewritten as well.
                // pg_hba.conf holds regular expressions by right; that none of them is waited for long is tried here.
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.RegexInjection",
                "--reproducer_path=" + found,
                "--keep_going=" + (TARGET.isEmpty() ? 1 : 20),
                "-artifact_prefix=" + found + "/",
                "-max_total_time=" + SECONDS,
                "-timeout=" + LONGEST,
                "-max_len="
                        + (1
                                + targets.stream()
                                        .mapToInt(FuzzTarget::longestBytes)
                                        .max()
                                        .orElseThrow()),
                "-print_final_stats=1"));
        command.add(corpus.toString());
        return command;
    }

    private void writeCorpus(List<FuzzTarget> targets) throws IOException {
        int number = 0;
        for (FuzzTarget target : targets) {
            List<byte[]> inputs = new ArrayList<>(target.seeds());
            for (Path former : target.corpus()) {
                inputs.add(Files.readAllBytes(former));
            }
            for (byte[] input : inputs) {
                byte[] whole = TARGET.isEmpty() ? FuzzedReaders.addressed(target, input) : input;
                Files.write(corpus.resolve("%s-%d".formatted(target.directory(), number++)), whole);
            }
        }
    }
}
