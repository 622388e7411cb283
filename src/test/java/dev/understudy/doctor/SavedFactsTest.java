package dev.understudy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.FactsJson;
import dev.understudy.doctor.finding.Diagnosis;
import dev.understudy.doctor.finding.Finding;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The facts of real broken servers, saved by the integration tests, are diagnosed as they were there. */
final class SavedFactsTest {
    static List<Path> saved() {
        return SavedFacts.all();
    }

    @ParameterizedTest
    @MethodSource("saved")
    void theCauseInTheFilesNameIsFoundAndOnlyWhatFollowsFromIt(Path file) {
        Facts facts = SavedFacts.read(file);

        Diagnosis diagnosis = Doctor.examine(facts);

        if (SavedFacts.cause(file).equals("healthy")) {
            DoctorFixture.requireHealthy(diagnosis);
            return;
        }
        assertThat(diagnosis.isHealthy()).isFalse();
        assertThat(diagnosis.causes())
                .as(String.valueOf(diagnosis))
                .extracting(Finding::id)
                .containsExactly(SavedFacts.cause(file));
        assertThat(diagnosis.causes().get(0).remedies()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("saved")
    void noPasswordIsInThem(Path file) {
        assertThat(FactsJson.write(SavedFacts.read(file))).doesNotContainPattern("password=(?!\\*)");
    }
}
