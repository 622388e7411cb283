package dev.understudy.transfer.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import dev.understudy.pgfile.Crc32c;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.testing.SshServer;
import dev.understudy.transfer.CopyContract;
import dev.understudy.transfer.CopyReport;
import dev.understudy.transfer.CopyRequest;
import dev.understudy.transfer.DataDirectoryCopy;
import dev.understudy.transfer.TargetContents;
import dev.understudy.transfer.TestTrees;
import dev.understudy.transfer.files.FileChecksum;
import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.files.TargetInventory;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.pipeline.CopyListener;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.Source;
import dev.understudy.transfer.route.SourceReader;
import dev.understudy.transfer.route.TargetReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy from one machine to another through this one, over a real sshd. */
final class RelayCopyIT extends CopyContract {
    @TempDir
    static Path shared;

    private static SshServer server;
    private static Host host;

    @BeforeAll
    static void start() {
        server = SshServer.start(shared.resolve("sshd"));
        host = Hosts.open(server.address(), server.options());
    }

    @AfterAll
    static void stop() {
        if (host != null) {
            host.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected Source source(Path dataDirectory) {
        return new SshSource(host, dataDirectory.toString());
    }

    @Override
    protected Sink sink(TargetLayout layout) {
        return new RemoteSink(host, layout, () -> {});
    }

    @Override
    protected int leastBytes() {
        return 128 << 10;
    }

    private static byte[] sha256(Path file) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    }

    private void assertInventoryFits(TargetInventory inventory) throws Exception {
        for (int file = 0; file < inventory.files().count(); file++) {
            Path path = target.resolve(inventory.files().path(file));
            byte[] contents = Files.readAllBytes(path);
            FileChecksum expected = inventory.checksum(file).isCrc32c()
                    ? FileChecksum.crc32c(Crc32c.of(contents, 0, contents.length))
                    : FileChecksum.sha256(sha256(path));
            assertThat(inventory.checksum(file)).as(path.toString()).isEqualTo(expected);
            assertThat(inventory.files().size(file)).isEqualTo(contents.length);
            assertThat(Files.getLastModifiedTime(path).toMillis() / 1000)
                    .isEqualTo(inventory.files().modifiedSeconds(file));
        }
    }

    @Test
    void copyingAgainTransfersNothing() throws Exception {
        copy(CopyRequest.full(RULES, 2));

        CopyReport again = copy(CopyRequest.full(RULES, 2).asDelta());

        assertThat(again.bytesTransferred()).isZero();
        assertInventoryFits(again.inventory());
    }

    @Test
    void deltaGivesChecksumsTimesAndSizesOfWhatTheTargetThenHas() throws Exception {
        copy(CopyRequest.full(RULES, 2));
        try (RandomAccessFile big =
                new RandomAccessFile(source.resolve("base/5/18000").toFile(), "rw")) {
            for (long offset : new long[] {0, 5_000_000, 33 << 20, (40 << 20) + 8192}) {
                big.seek(offset);
                big.write(77);
            }
        }
        Files.write(source.resolve("pg_xact/0000"), new byte[8192], StandardOpenOption.APPEND);

        CopyReport delta = copy(CopyRequest.full(RULES, 2).asDelta());

        assertThat(target.resolve("base/5/18000")).hasSameBinaryContentAs(source.resolve("base/5/18000"));
        assertInventoryFits(delta.inventory());
        // Three stretches of 128 kB, the file's last three pages, and pg_xact/0000 whole.
        assertThat(delta.bytesTransferred()).isEqualTo(3 * (128 << 10) + 3 * 8192 + 262144 + 8192);
    }

    @Test
    void interruptedCopyGoesOnWithWhatIsMissing() throws Exception {
        copy(CopyRequest.full(RULES, 2));
        try (RandomAccessFile big =
                new RandomAccessFile(target.resolve("base/5/18000").toFile(), "rw")) {
            big.setLength(30 << 20);
        }
        Files.delete(target.resolve("pg_xact/0000"));

        CopyReport delta = copy(CopyRequest.full(RULES, 2).asDelta());

        assertThat(target.resolve("base/5/18000")).hasSameBinaryContentAs(source.resolve("base/5/18000"));
        assertThat(delta.bytesTransferred()).isEqualTo((10 << 20) + 3 * 8192 + 262144);
        assertInventoryFits(delta.inventory());
    }

    /** A source whose files grow after they were listed. */
    private record Growing(Source source, Path directory) implements Source {
        @Override
        public String via() {
            return source.via();
        }

        @Override
        public String describe() {
            return source.describe();
        }

        @Override
        public SourceListing list(CopyRules rules, Runnable liveness) {
            SourceListing listing = source.list(rules, liveness);
            try {
                for (String name : new String[] {"base/5/18000", "base/5/16390", "pg_xact/0000"}) {
                    Files.write(directory.resolve(name), new byte[3 * 8192], StandardOpenOption.APPEND);
                }
            } catch (IOException failure) {
                throw new java.io.UncheckedIOException(failure);
            }
            return listing;
        }

        @Override
        public SourceReader open() {
            return source.open();
        }

        @Override
        public void close() {
            source.close();
        }
    }

    @Test
    void filesThatGrowMeanwhileAreWholeInTheInventory() throws Exception {
        for (boolean delta : new boolean[] {false, true}) {
            CopyRequest request = CopyRequest.full(RULES, 2);
            CopyReport report;
            try (Source growing = new Growing(source(source), source);
                    Sink sink = sink(TargetLayout.of(target.toString()))) {
                report = DataDirectoryCopy.run(delta ? request.asDelta() : request, growing, sink, CopyListener.NONE);
            }
            assertInventoryFits(report.inventory());
            assertThat(target.resolve("pg_xact/0000")).hasSameBinaryContentAs(source.resolve("pg_xact/0000"));
        }
    }

    @Test
    void targetIsReadAgain() throws Exception {
        copy(CopyRequest.full(RULES, 2));
        CopyReport delta = copy(CopyRequest.full(RULES, 2).asDelta());
        try (Sink sink = sink(TargetLayout.of(target.toString()));
                TargetReader reader = sink.reader().orElseThrow()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            long length = reader.read("base/5/18000", (40 << 20) - 100, 1 << 20, buffer -> {
                bytes.write(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
            });
            assertThat(length).isEqualTo(100 + 3 * 8192);
            byte[] whole = Files.readAllBytes(source.resolve("base/5/18000"));
            assertThat(bytes.toByteArray())
                    .isEqualTo(java.util.Arrays.copyOfRange(whole, (40 << 20) - 100, whole.length));
            assertThat(reader.read("base/5/99", 0, 10, buffer -> {})).isEqualTo(-1);
            assertThat(TargetContents.findChanged(sink, delta.inventory(), (done, path) -> {}))
                    .isEmpty();
            TestTrees.fill(target.resolve("pg_xact/0000"), 262144, new Random(9));
            assertThat(TargetContents.findChanged(sink, delta.inventory(), (done, path) -> {}))
                    .contains("pg_xact/0000");
        }
    }
}
