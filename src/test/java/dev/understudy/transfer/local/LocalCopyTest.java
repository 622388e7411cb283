package dev.understudy.transfer.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.transfer.CopyContract;
import dev.understudy.transfer.CopyRequest;
import dev.understudy.transfer.TestTrees;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.route.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class LocalCopyTest extends CopyContract {
    @Override
    protected Source source(Path dataDirectory) {
        return new LocalSource(dataDirectory);
    }

    @Override
    protected int leastBytes() {
        return 8192;
    }

    @Test
    void nothingIsWrittenThroughALinkPlantedInTheTarget() throws IOException {
        Path outside = Files.createDirectories(temporary.resolve("outside"));
        copy(CopyRequest.full(RULES, 1));
        try (var sink = new LocalSink(TargetLayout.of(target.toString()), TestTrees.me(), () -> {});
                var writer = sink.open()) {
            Files.move(target.resolve("base/5"), target.resolve("base/moved"));
            Files.createSymbolicLink(target.resolve("base/5"), outside);
            Files.createSymbolicLink(target.resolve("global/9999"), outside.resolve("file"));

            assertThatThrownBy(() -> writer.begin("base/5/1", 0, 0600, true))
                    .isInstanceOfSatisfying(
                            UnderstudyException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TARGET_UNSAFE));
            assertThatThrownBy(() -> writer.begin("global/9999", 0, 0600, true))
                    .isInstanceOfSatisfying(
                            UnderstudyException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TARGET_UNSAFE));
        }
        assertThat(outside).isEmptyDirectory();
    }
}
