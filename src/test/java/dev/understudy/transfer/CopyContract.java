package dev.understudy.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.Crc32c;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.postgres.Oid;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.local.LocalSink;
import dev.understudy.transfer.pipeline.CopyListener;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.route.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every route must do with a directory that nobody writes to. */
public abstract class CopyContract {
    protected static final CopyRules RULES = CopyRules.of(ServerMajor.V15);
    private final Random random = new Random(42);

    @TempDir
    protected Path temporary;

    protected Path source;
    protected Path target;

    /** The route under test. */
    protected abstract Source source(Path dataDirectory);

    /** The target under test. */
    protected Sink sink(TargetLayout layout) {
        return new LocalSink(layout, TestTrees.me(), () -> {});
    }

    /** The least that it transfers for a few changed bytes of a large file. */
    protected abstract int leastBytes();

    @BeforeEach
    void makeCluster() throws IOException {
        source = TestTrees.cluster(temporary.resolve("primary"), random);
        target = temporary.resolve("standby");
    }

    protected CopyReport copy(CopyRequest request) {
        return copy(request, TargetLayout.of(target.toString()));
    }

    private CopyReport copy(CopyRequest request, TargetLayout layout) {
        try (Source from = source(source);
                Sink to = sink(layout)) {
            return DataDirectoryCopy.run(request, from, to, CopyListener.NONE);
        }
    }

    private String describe() {
        try (Source described = source(source)) {
            return described.describe();
        }
    }

    /** What a copy must have: the source's contents without what is never copied. */
    private Map<String, String> expected() throws IOException {
        Map<String, String> expected = new TreeMap<>(TestTrees.contents(source));
        expected.keySet()
                .removeIf(name -> name.equals("global/pg_control")
                        || name.equals("postmaster.pid")
                        || name.equals("backup_label.old")
                        || name.startsWith("pg_wal/0")
                        || name.startsWith("pg_replslot/s")
                        || name.equals("base/5/17000"));
        RULES.emptiedDirectories().forEach(directory -> expected.put(directory + "/", ""));
        return expected;
    }

    @Test
    void copiesWhatABaseBackupTakes() throws IOException {
        CopyReport report = copy(CopyRequest.full(RULES, 3));

        assertThat(TestTrees.contents(target)).isEqualTo(expected());
        assertThat(report.bytesTransferred()).isEqualTo(report.bytesTotal());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve("PG_VERSION"))))
                .isEqualTo("rw-------");
    }

    @Test
    void inventoryHasSizesTimesAndChecksumsOfTheTarget() throws IOException {
        var inventory = copy(CopyRequest.full(RULES, 2)).inventory();

        assertThat(inventory.files().count()).isEqualTo(36);
        for (int file = 0; file < inventory.files().count(); file++) {
            Path path = target.resolve(inventory.files().path(file));
            byte[] contents = Files.readAllBytes(path);
            assertThat(inventory.checksum(file).crc32c())
                    .as(path.toString())
                    .isEqualTo(Crc32c.of(contents, 0, contents.length));
            assertThat(Files.getLastModifiedTime(path).toMillis())
                    .isEqualTo(inventory.files().modifiedSeconds(file) * 1000);
        }
    }

    @Test
    void deltaTransfersOnlyWhatDiffers() throws IOException {
        copy(CopyRequest.full(RULES, 2));
        Path big = target.resolve("base/5/18000");
        try (var channel = Files.newByteChannel(big, StandardOpenOption.WRITE)) {
            channel.position(8192 * 7 + 5).write(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3}));
        }
        Files.delete(target.resolve("global/1260"));
        TestTrees.write(target.resolve("base/5/16384"), "longer than it should be".repeat(10_000));
        TestTrees.write(target.resolve("base/77/1"), "of a dropped database");
        TestTrees.write(target.resolve("global/pg_control"), "control");
        TestTrees.write(target.resolve("pg_wal/000000010000000000000009"), "old wal");

        CopyReport report = copy(CopyRequest.full(RULES, 2).asDelta());

        assertThat(TestTrees.contents(target)).isEqualTo(expected());
        long least = leastBytes() + 8192 + Files.size(source.resolve("base/5/16384"));
        assertThat(report.bytesTransferred()).isEqualTo(least);
    }

    @Test
    void deltaSetsAsideWhatTheSourceDoesNotHave() throws IOException {
        copy(CopyRequest.full(RULES, 2));
        TestTrees.write(target.resolve("base/77/1"), "of a dropped database");
        Path aside = temporary.resolve("aside");

        copy(CopyRequest.full(RULES, 2).asDelta().withAside(aside.toString()));

        assertThat(aside.resolve("base/77/1")).hasContent("of a dropped database");
        assertThat(target.resolve("base/77")).doesNotExist();
    }

    @Test
    void refusesATargetThatHoldsSomething() throws IOException {
        TestTrees.write(target.resolve("notes.txt"), "mine");

        assertThatThrownBy(() -> copy(CopyRequest.full(RULES, 1)))
                .isInstanceOfSatisfying(UnderstudyException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.TARGET_NOT_EMPTY);
                    assertThat(refused.message())
                            .startsWith("target \"" + target + "\"")
                            .endsWith(" is not empty");
                    assertThat(refused.detail()).isEqualTo("It holds \"notes.txt\".");
                });
        assertThat(target.resolve("notes.txt")).hasContent("mine");
    }

    @Test
    void tablespacesAndWalGoWhereTheyAreSent() throws IOException {
        Path space = temporary.resolve("space with 'quotes'");
        TestTrees.fill(space.resolve("PG_15_202209061/5/20000"), 81920, random);
        TestTrees.fill(space.resolve("PG_14_202107181/5/20000"), 8192, random);
        Files.createSymbolicLink(source.resolve("pg_tblspc/16500"), space);
        Path moved = temporary.resolve("moved space");
        Path wal = temporary.resolve("wal");
        TargetLayout layout = new TargetLayout(
                target.toString(), Map.of(Oid.parse("16500"), moved.toString()), Optional.of(wal.toString()), "pg_wal");

        copy(CopyRequest.full(RULES, 2), layout);
        TestTrees.fill(space.resolve("PG_15_202209061/5/20000"), 8192, random);
        copy(CopyRequest.full(RULES, 2).asDelta(), layout);

        assertThat(Files.readSymbolicLink(target.resolve("pg_tblspc/16500"))).isEqualTo(moved);
        assertThat(Files.readSymbolicLink(target.resolve("pg_wal"))).isEqualTo(wal);
        assertThat(wal.resolve("archive_status")).isDirectory();
        assertThat(moved.resolve("PG_15_202209061/5/20000"))
                .hasSameBinaryContentAs(space.resolve("PG_15_202209061/5/20000"));
        assertThat(moved.resolve("PG_14_202107181")).doesNotExist();
    }

    @Test
    void undoRemovesWhatTheCopyMadeAndNothingElse() throws IOException {
        Path outside = temporary.resolve("outside");
        TestTrees.write(outside.resolve("kept"), "kept");
        copy(CopyRequest.full(RULES, 2));
        Files.createSymbolicLink(target.resolve("base/link"), outside);

        try (Sink sink = sink(TargetLayout.of(target.toString()))) {
            sink.removeAll(java.util.Set.of(target.toString()));
        }

        assertThat(target).doesNotExist();
        assertThat(outside.resolve("kept")).exists();
    }

    @Test
    void tablespaceWithoutADirectoryIsRefused() throws IOException {
        Path space = Files.createDirectories(temporary.resolve("space"));
        Files.createSymbolicLink(source.resolve("pg_tblspc/16500"), space);

        assertThatThrownBy(() -> copy(CopyRequest.full(RULES, 1)))
                .hasMessage("no directory is given for tablespace 16500 at \"" + space + "\"");
        assertThat(target).doesNotExist();
    }

    @Test
    void linksOfTheSourceAreLeftOutWithAWarning() throws IOException {
        Files.createSymbolicLink(source.resolve("server.crt"), Path.of("/etc/ssl/certs/server.crt"));

        CopyReport report = copy(CopyRequest.full(RULES, 1));

        assertThat(report.warnings())
                .containsExactly("Skipped symbolic link \"server.crt\" of the " + describe()
                        + ": PostgreSQL copies none but those of tablespaces.");
        assertThat(Files.exists(target.resolve("server.crt"))).isFalse();
    }

    @Test
    void oddNamesAreCopiedAsTheyAre() throws IOException {
        for (String name :
                new String[] {"a b", "quote'\"", "new\nline", "-rf", "ünï", "tab\t", "back\\slash", "~", "$x"}) {
            TestTrees.write(source.resolve(name), name);
        }

        copy(CopyRequest.full(RULES, 2));

        assertThat(TestTrees.contents(target)).isEqualTo(expected());
    }
}
