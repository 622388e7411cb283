package dev.understudy.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.local.LocalSink;
import dev.understudy.transfer.pipeline.CopyListener;
import dev.understudy.transfer.route.Sink;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes all bytes and then cannot keep them: what was written is not called copied. */
final class FailingFlushTest {
    private final FakeSource source = new FakeSource();

    @TempDir
    private Path temporary;

    /** A sink of this machine that fails in one method, as a disk does. */
    private static Sink failingIn(String failing, Sink sink) {
        return (Sink) Proxy.newProxyInstance(
                Sink.class.getClassLoader(), new Class<?>[] {Sink.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals(failing)) {
                        throw UnderstudyException.of(ErrorCode.FILE_IO, "could not flush the %s", sink.describe())
                                .detail("Input/output error.")
                                .build();
                    }
                    try {
                        return method.invoke(sink, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void aCopyWhoseFlushFailsIsNoCopy() {
        source.files.put("base/5/1000", new byte[8192]);
        TargetLayout layout = TargetLayout.of(temporary.resolve("standby").toString());
        CopyRequest request = CopyRequest.full(CopyRules.of(ServerMajor.V15), 2);
        try (LocalSink sink = new LocalSink(layout, TestTrees.me(), () -> {})) {
            assertThatThrownBy(
                            () -> DataDirectoryCopy.run(request, source, failingIn("flush", sink), CopyListener.NONE))
                    .isInstanceOfSatisfying(UnderstudyException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.FILE_IO);
                        assertThat(e.message()).startsWith("could not flush the target");
                    });
        }
    }
}
