package dev.understudy.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReasonsTest {
    @TempDir
    private Path directory;

    @Test
    void noClassOfJavasIsNamed() throws IOException {
        Path missing = directory.resolve("missing");
        assertThat(reason(() -> Files.readString(missing))).isEqualTo("no such file or directory");
        assertThat(reason(() -> Files.createDirectory(directory))).isEqualTo("it is there already");
        Files.createFile(missing);
        assertThat(reason(() -> Files.delete(directory))).isEqualTo("the directory is not empty");
        assertThat(reason(() -> Files.createFile(missing.resolve("x"))))
                .doesNotContain("Exception", directory.toString());
        assertThat(Reasons.of(new AccessDeniedException("/f"))).isEqualTo("permission denied");
        assertThat(Reasons.of(new NoSuchFileException("/f"))).isEqualTo("no such file or directory");
        assertThat(Reasons.of(new FileSystemException("/f", null, "Stale file handle")))
                .isEqualTo("Stale file handle");
        assertThat(Reasons.of(new IllegalStateException("closed"))).isEqualTo("closed");
        assertThat(Reasons.of(new IllegalStateException())).isEqualTo("no reason is known");
    }

    private interface Action {
        void run() throws IOException;
    }

    private static String reason(Action action) {
        try {
            action.run();
        } catch (IOException e) {
            return Reasons.of(e);
        }
        throw new AssertionError("nothing failed");
    }
}
