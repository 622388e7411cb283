package dev.understudy.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class ErrorReporterTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ErrorReporter errors =
            new ErrorReporter(new Console(stream(new ByteArrayOutputStream()), stream(err)));

    @Test
    void anErrorLooksAsInPsql() {
        ExitCode code = errors.report(UnderstudyException.of(ErrorCode.RUN_ALIVE, "run \"a\" is worked on")
                .detail("Process 17 does.")
                .hint("Wait for it.")
                .build());

        assertThat(code).isEqualTo(ExitCode.REFUSED);
        assertThat(said())
                .isEqualTo(
                        "understudy: error: run \"a\" is worked on\nDETAIL:  Process 17 does.\nHINT:  Wait for it.\n");
    }

    @Test
    void aDefectNeverRepeatsAMessageThatMayHoldASecret() throws IOException {
        ExitCode code = errors.report(
                new IllegalStateException("password=hunter2", new IOException("postgresql://u:hunter2@db1/")));

        assertThat(code).isEqualTo(ExitCode.DEFECT);
        assertThat(said())
                .startsWith("understudy: error: defect in Understudy: IllegalStateException\n")
                .contains("DETAIL:  Where it happened is written in \"")
                .contains("\nHINT:  ")
                .doesNotContain("hunter2");
        Path details = details();
        assertThat(Files.readString(details))
                .contains("java.lang.IllegalStateException", "java.io.IOException", "ErrorReporterTest")
                .doesNotContain("hunter2");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(details)))
                .isEqualTo("rw-------");
        Files.delete(details);
    }

    private Path details() {
        Matcher matcher = Pattern.compile("written in \"([^\"]+)\"").matcher(said());
        assertThat(matcher.find()).isTrue();
        return Path.of(matcher.group(1));
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static Console.Stream stream(ByteArrayOutputStream bytes) {
        return Console.Stream.plain(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    }
}
