package dev.understudy.transfer.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.transfer.TestTrees;
import dev.understudy.transfer.files.TargetLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WriteBackTest {
    @TempDir
    private Path temporary;

    /** A program in the place of sync. */
    private void finish(String script) throws IOException {
        Path program = temporary.resolve("sync");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Path target = Files.createDirectories(temporary.resolve("standby"));
        Files.writeString(target.resolve("file"), "contents");
        TargetLayout layout = TargetLayout.of(target.toString());
        try (LocalSink sink = new LocalSink(layout, TestTrees.me(), () -> {})) {
            new WriteBack(sink, () -> {}, List.of(program.toString())).finish(Set.of(target));
        }
    }

    @Test
    void aDiskThatFailsIsNotAskedAgainUntilItSaysYes() {
        assertThatThrownBy(() -> finish("echo \"sync: error syncing '$1': Input/output error\"; exit 1"))
                .isInstanceOfSatisfying(
                        UnderstudyException.class,
                        e -> assertThat(e.code() + " " + e.message() + " " + e.detail())
                                .startsWith(ErrorCode.FILE_IO + " could not flush")
                                .contains("Input/output error"));
    }

    @Test
    void aProgramThatCannotFlushOneFileSystemIsReplacedByFlushingEachFile() throws IOException {
        finish("echo \"sync: unrecognized option: f\"; exit 1");
    }
}
