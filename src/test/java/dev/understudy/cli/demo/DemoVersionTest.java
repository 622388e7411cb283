package dev.understudy.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.ServerMajor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DemoVersionTest {
    @ParameterizedTest
    @CsvSource({
        "18, 18.6.0, 18, 18.6",
        "9.6, 9.6.24, 9.6, 9.6.24",
        "11, 11.22.1, 11, 11.22",
        "17.2, 17.2.0, 17, 17.2",
        "9.6.11, 9.6.11, 9.6, 9.6.11",
        "14.3.0, 14.3.0, 14, 14.3"
    })
    void aVersionIsReadInAnyForm(String text, String published, String major, String shown) {
        DemoVersion version = DemoVersion.parse(text);

        assertThat(version.published()).isEqualTo(published);
        assertThat(version.major()).hasToString(major);
        assertThat(version).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8.4", "9.5", "19", "42.1", "latest", "18.6.0; rm -rf /", "17 "})
    void whatIsNoVersionIsRefused(String text) {
        assertThatThrownBy(() -> DemoVersion.parse(text))
                .isInstanceOf(UnderstudyException.class)
                .hasMessage("no PostgreSQL version to demonstrate: \"" + text + "\"");
    }

    @Test
    void everyMajorThatIsSupportedCanBeShown() {
        assertThat(DemoVersion.KNOWN)
                .extracting(DemoVersion::major)
                .allMatch(ServerMajor::isSupported)
                .hasSize(10);
        assertThat(DemoVersion.newest().major()).isEqualTo(ServerMajor.NEWEST);
    }
}
