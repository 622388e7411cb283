package dev.understudy.transfer.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.transfer.TestTrees;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.route.SinkWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StretchOutputTest {
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private Path temporary;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private LocalSink sink;

    @BeforeEach
    void openTarget() throws IOException {
        Path target = Files.createDirectories(temporary.resolve("standby"));
        sink = new LocalSink(TargetLayout.of(target.toString()), TestTrees.me(), () -> {});
    }

    @AfterEach
    void closeTarget() {
        sink.close();
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] written(String name) throws IOException {
        return Files.readAllBytes(temporary.resolve("standby").resolve(name));
    }

    @Test
    void everyLengthArrivesHoweverItIsCut() throws IOException {
        try (SinkWriter writer = sink.open()) {
            for (int length : new int[] {
                0,
                1,
                4095,
                4096,
                8192,
                131_071,
                131_072,
                139_264,
                524_287,
                524_288,
                532_480,
                1_048_577,
                3 * MEGABYTE + 17
            }) {
                byte[] contents = bytes(length);
                writer.begin("file" + length, 0, 0600, true);
                for (int at = 0; at < length; ) {
                    int count = Math.min(length - at, 1 + random.nextInt(MEGABYTE));
                    writer.write(ByteBuffer.wrap(contents, at, count));
                    at += count;
                }
                writer.end();
                writer.finish("file" + length, length, 0600, 1);
                assertThat(Arrays.equals(written("file" + length), contents))
                        .as("%d bytes, seed %d", length, seed)
                        .isTrue();
            }
        }
    }

    @Test
    void buffersThatBeginAtABlockAreWrittenAsTheyAre() throws IOException {
        byte[] contents = bytes(2 * MEGABYTE + 8192);
        ByteBuffer buffer = StretchOutput.aligned(512 << 10);
        try (SinkWriter writer = sink.open()) {
            writer.begin("file", 0, 0600, true);
            for (int at = 0; at < contents.length; at += buffer.capacity()) {
                buffer.clear()
                        .put(contents, at, Math.min(buffer.capacity(), contents.length - at))
                        .flip();
                writer.write(buffer);
                assertThat(buffer.hasRemaining()).isFalse();
            }
            writer.end();
            writer.finish("file", contents.length, 0600, 1);
        }
        assertThat(Arrays.equals(written("file"), contents)).as("seed %d", seed).isTrue();
    }

    @Test
    void stretchesOfOneFileMayLieAnywhereAndBePatched() throws IOException {
        byte[] contents = bytes(2 * MEGABYTE);
        try (SinkWriter writer = sink.open()) {
            writer.begin("file", MEGABYTE, 0600, false);
            writer.write(ByteBuffer.wrap(contents, MEGABYTE, MEGABYTE));
            writer.end();
            writer.begin("file", 5000, 0600, false);
            writer.write(ByteBuffer.wrap(contents, 5000, MEGABYTE - 5000));
            writer.end();
            writer.patch("file", 0, ByteBuffer.wrap(contents, 0, 5000), 0600);
            writer.finish("file", contents.length, 0600, 1);
        }
        assertThat(Arrays.equals(written("file"), contents)).as("seed %d", seed).isTrue();
    }

    @Test
    void withoutDirectWritingTheSameArrives() throws IOException {
        sink.writeThroughCache();
        byte[] contents = bytes(MEGABYTE + 4096);
        try (SinkWriter writer = sink.open()) {
            writer.begin("file", 0, 0600, true);
            writer.write(ByteBuffer.wrap(contents));
            writer.end();
            writer.finish("file", contents.length, 0600, 1);
        }
        assertThat(Arrays.equals(written("file"), contents)).as("seed %d", seed).isTrue();
    }

    @Test
    void whereNothingIsThereYetNothingIsCompared() throws IOException {
        byte[] contents = bytes(MEGABYTE);
        try (SinkWriter writer = sink.open()) {
            assertThat(writer.writeOnlyDifferences()).isTrue();
            writer.begin("file", 0, 0600, true);
            assertThat(writer.write(ByteBuffer.wrap(contents))).isEqualTo(MEGABYTE);
            writer.end();
            writer.finish("file", contents.length, 0600, 1);

            writer.begin("file", 0, 0600, true);
            assertThat(writer.write(ByteBuffer.wrap(contents))).isZero();
            writer.end();
            writer.finish("file", contents.length, 0600, 1);
        }
        assertThat(Arrays.equals(written("file"), contents)).as("seed %d", seed).isTrue();
    }
}
