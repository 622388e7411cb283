package dev.understudy.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads again what fuzzing began with, and what it once found. */
final class FuzzCorpusTest {
    /** Far more than any of them takes; a reading that does not end must not hang the build. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @ParameterizedTest
    @EnumSource(FuzzTarget.class)
    void seedsAndFormerFindingsAreReadOrRefusedAsDocumented(FuzzTarget target) throws IOException {
        List<byte[]> seeds = target.seeds();
        assertThat(seeds).isNotEmpty();
        for (byte[] seed : seeds) {
            Assertions.assertTimeoutPreemptively(LIMIT, () -> target.read(seed));
        }
        for (Path finding : target.corpus()) {
            byte[] input = Files.readAllBytes(finding);
            Assertions.assertTimeoutPreemptively(LIMIT, () -> target.read(input), finding.toString());
        }
    }
}
