package dev.understudy.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.pgfile.Crc32c;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.pgfile.page.PageChecksum;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.local.LocalSink;
import dev.understudy.transfer.pipeline.CopyListener;
import dev.understudy.transfer.pipeline.CopyProgress;
import dev.understudy.transfer.pipeline.PageRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DataDirectoryCopyTest {
    private static final CopyRules RULES = CopyRules.of(ServerMajor.V15);
    private static final Lsn START = Lsn.parse("1/0");
    private final FakeSource source = new FakeSource();
    private final Random random = new Random(7);

    @TempDir
    Path temporary;

    private CopyReport copy(CopyRequest request, CopyListener listener) {
        TargetLayout layout = TargetLayout.of(target().toString());
        try (LocalSink sink = new LocalSink(layout, TestTrees.me(), () -> {})) {
            return DataDirectoryCopy.run(request, source, sink, listener);
        }
    }

    private CopyReport copy(CopyRequest request) {
        return copy(request, CopyListener.NONE);
    }

    private Path target() {
        return temporary.resolve("standby");
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void assertInventoryFits(CopyReport report, Path target) throws IOException {
        var files = report.inventory().files();
        for (int file = 0; file < files.count(); file++) {
            byte[] contents = Files.readAllBytes(target.resolve(files.path(file)));
            assertThat(files.size(file)).isEqualTo(contents.length);
            assertThat(report.inventory().checksum(file).crc32c()).isEqualTo(Crc32c.of(contents, 0, contents.length));
        }
    }

    @Test
    void filesThatVanishAreLeftOut() throws IOException {
        source.files.put("base/5/1000", bytes(8192));
        source.files.put("base/5/1001", bytes(8192));
        source.files.put("base/5/2000", bytes(80 << 20));
        source.beforeRead = (path, piece) -> {
            if (path.endsWith("1001") || path.endsWith("2000") && piece.offset() > 40_000_000) {
                source.files.remove(path);
            }
        };

        CopyReport report = copy(CopyRequest.full(RULES, 1));

        assertThat(report.files()).isEqualTo(1);
        assertThat(target().resolve("base/5/1000")).exists();
        assertThat(target().resolve("base/5/1001")).doesNotExist();
        assertThat(target().resolve("base/5/2000")).doesNotExist();
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

        assertInventoryFits(report, target());
        assertThat(target().resolve("base/5/1000")).hasSize(3 * 8192);
        assertThat(target().resolve("base/5/2000")).hasSize(80 << 20);
        assertThat(target().resolve("base/5/3000")).hasSize(40 << 20);
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

    @Test
    void modeFollowsTheSource() throws IOException {
        source.files.put("base/5/1000", bytes(8192));

        copy(CopyRequest.full(RULES, 1));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target())))
                .isEqualTo("rwxr-x---");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target().resolve("base/5/1000"))))
                .isEqualTo("rw-r-----");
    }

    /** A page with a right checksum for its block. */
    private byte[] page(int block, boolean right) {
        byte[] page = bytes(8192);
        Arrays.fill(page, 0, 8, (byte) 0); // An LSN before the backup's start.
        int checksum = new PageChecksum(8192).of(page, 0, block) ^ (right ? 0 : 1);
        page[8] = (byte) checksum;
        page[9] = (byte) (checksum >>> 8);
        return page;
    }

    private byte[] relation(int torn) {
        byte[] file = new byte[8192 * 10];
        for (int block = 0; block < 10; block++) {
            System.arraycopy(page(block, block != torn), 0, file, block * 8192, 8192);
        }
        return file;
    }

    @Test
    void tornPageIsReadAgain() throws IOException {
        byte[] file = relation(4);
        source.files.put("base/5/1000", file);
        AtomicInteger reads = new AtomicInteger();
        source.beforeRead = (path, piece) -> {
            if (reads.incrementAndGet() == 2) {
                System.arraycopy(page(4, true), 0, file, 4 * 8192, 8192);
            }
        };

        CopyReport report = copy(CopyRequest.full(RULES, 1).withPages(PageRules.of(START)));

        assertThat(Files.readAllBytes(target().resolve("base/5/1000"))).isEqualTo(file);
        assertThat(report.pagesChecked()).isEqualTo(10);
        assertInventoryFits(report, target());
    }

    @Test
    void corruptPageFailsTheCopy() {
        source.files.put("base/5/1000", relation(4));

        assertThatThrownBy(() -> copy(CopyRequest.full(RULES, 1).withPages(PageRules.of(START))))
                .isInstanceOfSatisfying(UnderstudyException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.PAGE_CORRUPT);
                    assertThat(failure.message())
                            .isEqualTo("page checksum verification failed in file \"base/5/1000\", block 4,"
                                    + " on the fake primary");
                    assertThat(failure.detail())
                            .isEqualTo("The file is of relation file node 1000 of database 5, main fork;"
                                    + " the page was read 6 times.");
                });
    }

    @Test
    void pagesOfOtherFilesAreNotJudged() {
        source.files.put("base/5/pg_filenode.map", bytes(8192));

        assertThat(copy(CopyRequest.full(RULES, 1).withPages(PageRules.of(START)))
                        .pagesChecked())
                .isZero();
    }

    @Test
    void livenessEndsTheCopyWithItsOwnError() {
        source.files.put("base/5/1000", bytes(64 << 20));
        AtomicInteger calls = new AtomicInteger();

        assertThatThrownBy(() -> copy(CopyRequest.full(RULES, 2).withLiveness(() -> {
                    if (calls.incrementAndGet() > 20) {
                        throw new IllegalStateException("session lost");
                    }
                })))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("session lost");
    }

    @Test
    void progressEndsAtTheTotal() {
        source.files.put("base/5/1000", bytes(40 << 20));
        source.files.put("base/5/1001", bytes(100));
        AtomicReference<CopyProgress> last = new AtomicReference<>();

        copy(CopyRequest.full(RULES, 2), new CopyListener() {
            @Override
            public void progress(CopyProgress progress) {
                last.set(progress);
            }
        });

        assertThat(last.get())
                .isEqualTo(new CopyProgress((40 << 20) + 100, (40 << 20) + 100, (40 << 20) + 100, 2, 2, ""));
    }
}
