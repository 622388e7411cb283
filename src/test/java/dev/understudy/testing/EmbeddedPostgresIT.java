package dev.understudy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.ServerMajor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pins what everyone's tests take from the fixture. */
final class EmbeddedPostgresIT {
    static List<ServerMajor> majors() {
        return EmbeddedBinaries.majors();
    }

    @Test
    void thereIsAJarOfEveryMajorWeSupport() {
        assertThat(majors()).hasSize(10).allMatch(ServerMajor::isSupported);
    }

    @ParameterizedTest
    @MethodSource("majors")
    void aServerStartsAnswersCrashesAndLeavesNothing(ServerMajor major) {
        Path root;
        try (EmbeddedPostgres server = EmbeddedPostgres.of(major)
                .withSetting("work_mem", "5MB")
                .withChecksums()
                .start()) {
            root = server.socketDirectory().getParent();
            assertThat(server.query("show work_mem")).isEqualTo("5MB");
            assertThat(server.query("show data_checksums")).isEqualTo("on");
            assertThat(server.query("select version()")).startsWith("PostgreSQL " + major);
            server.crash();
            assertThat(server.isRunning()).isFalse();
            server.start();
            assertThat(server.log()).contains("database system was not properly shut down");
        }
        assertThat(Files.exists(root)).isFalse();
    }
}
