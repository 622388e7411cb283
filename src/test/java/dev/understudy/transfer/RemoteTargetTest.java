package dev.understudy.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Hosts;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.pipeline.CopyListener;
import dev.understudy.transfer.ssh.RemoteSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A target on another machine with a source that lies or changes, and with things put in its way. */
final class RemoteTargetTest {
    private static final CopyRules RULES = CopyRules.of(ServerMajor.V15);
    private final FakeSource source = new FakeSource();
    private final Random random = new Random(11);

    @TempDir
    Path temporary;

    private Path target() {
        return temporary.resolve("standby");
    }

    private CopyReport copy(CopyRequest request) {
        try (RemoteSink sink = new RemoteSink(Hosts.local(), TargetLayout.of(target().toString()), () -> {})) {
            return DataDirectoryCopy.run(request, source, sink, CopyListener.NONE);
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private Path outside() throws IOException {
        return Files.createDirectories(temporary.resolve("outside"));
    }

    private static void assertUnsafe(org.assertj.core.api.ThrowableAssert.ThrowingCallable copying) {
        assertThatThrownBy(copying)
                .isInstanceOfSatisfying(
                        UnderstudyException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TARGET_UNSAFE));
    }

    private void plantDirectoryLink() {
        try {
            Files.move(target().resolve("base/5"), target().resolve("base/6"));
            Files.createSymbolicLink(target().resolve("base/5"), outside());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 2 << 20, 40 << 20})
    void directoryLinkPlantedMeanwhileIsNotFollowed(int size) throws IOException {
        source.files.put("base/5/1000", bytes(size));
        source.beforeRead = (path, piece) -> {
            if (piece.offset() == 0) {
                plantDirectoryLink();
            }
        };

        assertUnsafe(() -> copy(CopyRequest.full(RULES, 1)));

        assertThat(outside()).isEmptyDirectory();
    }

    @Test
    void fileLinkPlantedMeanwhileIsNotFollowed() throws IOException {
        TestTrees.write(outside().resolve("precious"), "precious");
        source.files.put("base/5/1000", bytes(3 << 20));
        source.files.put("base/5/1001", bytes(100));
        source.beforeRead = (path, piece) -> {
            try {
                Files.deleteIfExists(target().resolve(path));
                Files.createSymbolicLink(target().resolve(path), outside().resolve("precious"));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        };

        assertUnsafe(() -> copy(CopyRequest.full(RULES, 1)));

        assertThat(outside().resolve("precious")).hasContent("precious");
    }

    @Test
    void linkInTheWayOfARemovalIsNotFollowed() throws IOException {
        source.files.put("base/5/1000", bytes(100));
        copy(CopyRequest.full(RULES, 1));
        TestTrees.write(outside().resolve("1001"), "precious");
        plantDirectoryLink();

        try (RemoteSink sink = new RemoteSink(Hosts.local(), TargetLayout.of(target().toString()), () -> {})) {
            assertUnsafe(() -> sink.remove(List.of("base/5/1001")));
            assertUnsafe(() -> sink.setAside(
                    List.of("base/5/1001"), temporary.resolve("aside").toString()));
            assertUnsafe(() -> sink.writeFlushed("base/5/1001", new byte[1], 0600));
        }

        assertThat(outside().resolve("1001")).hasContent("precious");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../escape",
                "/etc/passwd",
                "base/../../escape",
                "base//x",
                "./x",
                "base/5/..",
                "nul\0x",
                "",
                "a/./b"
            })
    void hostileNamesAreRefused(String name) throws IOException {
        source.files.put(name, bytes(10));

        assertThatThrownBy(() -> copy(CopyRequest.full(RULES, 1)))
                .isInstanceOfSatisfying(
                        UnderstudyException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.SOURCE_NAME_UNSAFE));
        assertThat(temporary).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$(touch escape)",
                "`touch escape`",
                "'; touch escape; '",
                "new\nline\n",
                "\ntouch escape\n",
                "-rf",
                "\\0101",
                "шЁ\u0081",
                "%s"
            })
    void namesMeanNothingToTheShell(String name) throws IOException {
        String small = "base/5/" + name;
        String large = "base/5/large" + name;
        source.files.put(small, bytes(10));
        source.files.put(large, bytes(3 << 20));

        copy(CopyRequest.full(RULES, 1));
        source.files.get(large)[5] ^= 1;
        CopyReport delta = copy(CopyRequest.full(RULES, 1).asDelta());

        assertThat(target().resolve(small)).hasBinaryContent(source.files.get(small));
        assertThat(target().resolve(large)).hasBinaryContent(source.files.get(large));
        assertThat(target().resolve("base/5")).isDirectoryContaining(path -> path.endsWith(name));
        try (var entries = Files.list(target().resolve("base/5"))) {
            assertThat(entries).hasSize(2);
        }
        assertThat(delta.bytesTransferred()).isEqualTo(3 << 20);
    }

    @Test
    void filesThatGrowShrinkAndGrowAgainAreWholeInTheInventory() throws IOException {
        source.files.put("base/5/1000", bytes(8192));
        source.files.put("base/5/2000", bytes(80 << 20));
        source.files.put("base/5/3000", bytes(70 << 20));
        byte[] whole = source.files.get("base/5/2000");
        source.beforeRead = (path, piece) -> {
            if (path.endsWith("1000")) {
                source.files.put(path, bytes(3 * 8192));
            } else if (path.endsWith("2000")) {
                source.files.put(path, piece.offset() == 0 ? Arrays.copyOf(whole, 10 << 20) : whole);
            } else {
                source.files.put(path, Arrays.copyOf(source.files.get(path), 40 << 20));
            }
        };

        CopyReport report = copy(CopyRequest.full(RULES, 1));

        assertThat(TargetContents.findChanged(
                        new RemoteSink(Hosts.local(), TargetLayout.of(target().toString()), () -> {}),
                        report.inventory(),
                        (done, path) -> {}))
                .isEmpty();
        assertThat(target().resolve("base/5/1000")).hasSize(3 * 8192);
        assertThat(target().resolve("base/5/2000")).hasSize(80 << 20);
        assertThat(target().resolve("base/5/3000")).hasSize(40 << 20);
    }
}
