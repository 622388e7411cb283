package dev.understudy.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.open.Hosts;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.postgres.Oid;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.Tablespace;
import dev.understudy.transfer.files.ListingBuilder;
import dev.understudy.transfer.files.ListingBuilder.Kind;
import dev.understudy.transfer.files.SourceListing;
import dev.understudy.transfer.files.TablespaceMapping;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.local.LocalSink;
import dev.understudy.transfer.pipeline.CopyListener;
import dev.understudy.transfer.route.Sink;
import dev.understudy.transfer.ssh.RemoteSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A source that wants to write where it should not, and a target in which somebody puts links in the way. */
final class HostileSourceTest {
    private static final CopyRules RULES = CopyRules.of(ServerMajor.V15);

    private final FakeSource source = new FakeSource();

    @TempDir
    Path temporary;

    /** The two kinds of target. */
    enum Target {
        LOCAL {
            @Override
            Sink open(TargetLayout layout) {
                return new LocalSink(layout, TestTrees.me(), () -> {});
            }
        },
        REMOTE {
            @Override
            Sink open(TargetLayout layout) {
                return new RemoteSink(Hosts.local(), layout, () -> {});
            }
        };

        abstract Sink open(TargetLayout layout);
    }

    private Path target() {
        return temporary.resolve("standby");
    }

    private Path outside() throws IOException {
        return Files.createDirectories(temporary.resolve("outside"));
    }

    private void copy(Target kind, TargetLayout layout, CopyRequest request) {
        try (Sink sink = kind.open(layout)) {
            DataDirectoryCopy.run(request, source, sink, CopyListener.NONE);
        }
    }

    private void copy(Target kind) {
        copy(kind, TargetLayout.of(target().toString()), CopyRequest.full(RULES, 2));
    }

    private static byte[] hostile() {
        return "hostile".getBytes(StandardCharsets.UTF_8);
    }

    /** Names that lead out, or would. */
    static Stream<String> escaping() {
        return Stream.of(
                "..",
                ".",
                "",
                "/",
                "/etc/passwd",
                "//etc/passwd",
                "../escape",
                "base/../../escape",
                "base/..",
                "base/5/../../../escape",
                "base//x",
                "base/",
                "./x",
                "a/./b",
                "nul\0/../../escape",
                "x".repeat(256),
                "d/".repeat(2100) + "x",
                "\uFFFD");
    }

    @ParameterizedTest
    @MethodSource("escaping")
    void aNameThatLeadsOutOfTheTargetIsRefusedBeforeAnythingIsWritten(String name) throws IOException {
        for (Target kind : Target.values()) {
            for (Kind entry : Kind.values()) {
                ListingBuilder listing = new ListingBuilder(RULES, "primary");
                assertThatThrownBy(() -> listing.add(name, entry, 7, 0, 0600, "/etc"))
                        .isInstanceOfSatisfying(
                                UnderstudyException.class,
                                refused -> assertThat(refused.code()).isEqualTo(ErrorCode.SOURCE_NAME_UNSAFE));
            }
            source.files.clear();
            source.files.put(name, hostile());
            assertThat(catchThrowableOfType(UnderstudyException.class, () -> copy(kind))
                            .code())
                    .isEqualTo(ErrorCode.SOURCE_NAME_UNSAFE);
        }
        assertThat(temporary).isEmptyDirectory();
    }

    /** Names that collide with each other, with what the copy makes, with what the run writes later, or look odd. */
    static Stream<List<String>> colliding() {
        return Stream.of(
                List.of("base/5", "base/5/1"),
                List.of("base/5/1", "base/5/1/2"),
                List.of("pg_wal"),
                List.of("pg_wal/archive_status"),
                List.of("pg_tblspc"),
                List.of("pg_tblspc/16384"),
                List.of("pg_tblspc/16384/PG_15_202209061/5/1"),
                List.of("pg_tblspc/99999999999999999999/PG_15_202209061/5/1"),
                List.of("global"),
                List.of("global/pg_control", "global/PG_CONTROL", "Global/pg_control"),
                List.of(TargetLayout.PENDING_CONTROL_FILE),
                List.of("backup_label", "tablespace_map", "backup_label.old", "backup_manifest"),
                List.of("standby.signal", "recovery.signal", "recovery.conf", "postmaster.pid"),
                List.of("understudy.pgpass", "understudy-start.log", ".understudy.tmp", ".understudy.new"),
                List.of("base/5/.understudy.tmp", "base/5/.understudy.new"),
                List.of("..\\..\\escape", "back\\slash", "-rf", "~", "$(touch escape)", "a\nb", "...", ".. "),
                List.of("d/".repeat(1000) + "x"));
    }

    /** A copy may well refuse such a name, or leave it out, or take it; nothing outside is touched, nothing starts. */
    @ParameterizedTest
    @MethodSource("colliding")
    void namesThatCollideStayInsideTheTarget(List<String> names) throws IOException {
        for (Target kind : Target.values()) {
            TestTrees.write(outside().resolve("precious"), "precious");
            source.files.clear();
            source.files.put("PG_VERSION", "15\n".getBytes(StandardCharsets.UTF_8));
            names.forEach(name -> source.files.put(name, hostile()));

            try {
                copy(kind);
            } catch (UnderstudyException refused) {
                assertThat(refused.code()).isNotEqualTo(ErrorCode.DEFECT);
            }

            assertThat(temporary.resolve("outside")).isDirectoryNotContaining(path -> !path.endsWith("precious"));
            assertThat(outside().resolve("precious")).hasContent("precious");
            try (Stream<Path> beside = Files.list(temporary)) {
                assertThat(beside.map(path -> path.getFileName().toString())).isSubsetOf("outside", "standby");
            }
            assertThat(List.of(TargetLayout.CONTROL_FILE, "backup_label", "standby.signal"))
                    .noneMatch(name -> Files.exists(target().resolve(name), LinkOption.NOFOLLOW_LINKS));
            assertNoLinksBelow(target());
            removeTarget();
        }
    }

    private static void assertNoLinksBelow(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> paths = Files.walk(directory)) {
                assertThat(paths.filter(Files::isSymbolicLink)).isEmpty();
            }
        }
    }

    private void removeTarget() {
        try (Sink sink = Target.LOCAL.open(TargetLayout.of(target().toString()))) {
            sink.removeAll(java.util.Set.of(target().toString()));
        }
        assertThat(target()).doesNotExist();
    }

    /** What a server says of its tablespaces decides where files go, so it is checked against the plan. */
    @ParameterizedTest
    @ValueSource(strings = {"", "relative", "../up", "/target", "/target/inside", "/", "/other/../target/pg_wal"})
    void aTablespaceThatWouldLieInTheTargetOrNowhereIsRefused(String location) {
        List<Tablespace> tablespaces = List.of(new Tablespace(Oid.parse("16384"), location));

        assertThatThrownBy(() -> TablespaceMapping.of(tablespaces, Map.of(), "/target"))
                .isInstanceOfSatisfying(
                        UnderstudyException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TABLESPACE_MAPPING_INVALID));
    }

    /** A device node, a pipe or a link of the source is left out, whatever it is called. */
    @Test
    void nothingButFilesAndDirectoriesIsTaken() {
        ListingBuilder listing = new ListingBuilder(RULES, "primary");
        listing.add("base/5/1", Kind.SPECIAL, 0, 0, 0666, "");
        listing.add("base/5/2", Kind.SYMBOLIC_LINK, 0, 0, 0777, "/etc/shadow");
        listing.add("pg_tblspc/up", Kind.SYMBOLIC_LINK, 0, 0, 0777, "..");

        SourceListing found = listing.build();

        assertThat(found.files().count()).isZero();
        assertThat(found.tablespaces()).isEmpty();
        assertThat(found.warnings()).hasSize(3);
    }

    private TargetLayout elsewhere() {
        return new TargetLayout(
                target().toString(),
                Map.of(Oid.parse("16384"), temporary.resolve("space").toString()),
                Optional.of(temporary.resolve("wal").toString()),
                "pg_wal");
    }

    /** Directories of the target that are links to somewhere else before the copy begins. */
    @ParameterizedTest
    @EnumSource(Target.class)
    void aLinkThatIsThereBeforeIsNotFollowed(Target kind) throws IOException {
        for (String planted : List.of("base", "base/5", "pg_tblspc", "pg_xact", "global", "pg_wal")) {
            TestTrees.write(outside().resolve("precious"), "precious");
            var before = TestTrees.contents(outside());
            var mode = Files.getPosixFilePermissions(outside());
            Files.createDirectories(target().resolve(planted).resolveSibling("."));
            Files.createSymbolicLink(target().resolve(planted), outside());
            source.files.put("base/5/1000", hostile());
            source.files.put("global/1260", hostile());
            source.files.put("pg_xact/0000", hostile());

            try {
                copy(kind, elsewhere(), CopyRequest.full(RULES, 1).asDelta());
            } catch (UnderstudyException refused) {
                assertThat(refused.code()).isNotEqualTo(ErrorCode.DEFECT);
            }

            assertThat(TestTrees.contents(outside())).as("through %s", planted).isEqualTo(before);
            assertThat(Files.getPosixFilePermissions(outside())).isEqualTo(mode);
            try (Sink sink = kind.open(elsewhere())) {
                sink.removeAll(java.util.Set.of(
                        target().toString(), temporary.resolve("space").toString()));
            }
        }
    }

    /** A parent directory that becomes a link while the copy goes on, at each place where the copy looks at it again. */
    @ParameterizedTest
    @EnumSource(Target.class)
    void aParentThatBecomesALinkMeanwhileIsNotFollowed(Target kind) throws IOException {
        Path base = target().resolve("base");
        source.files.put("base/5/1000", new byte[3 << 20]);
        source.files.put("base/5/1001", hostile());
        source.beforeRead = (path, piece) -> {
            try {
                if (!Files.isSymbolicLink(base)) {
                    Files.move(base, target().resolve("moved"));
                    Files.createSymbolicLink(
                            base,
                            Files.createDirectories(outside().resolve("5")).getParent());
                }
            } catch (IOException failure) {
                throw new java.io.UncheckedIOException(failure);
            }
        };

        try {
            copy(kind);
        } catch (UnderstudyException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.TARGET_UNSAFE);
        }

        assertThat(outside().resolve("5")).isEmptyDirectory();
    }

    /** Making directories, setting aside, removing, replacing a small file: each with a link in the way. */
    @ParameterizedTest
    @EnumSource(Target.class)
    void nothingIsMadeMovedOrRemovedThroughALink(Target kind) throws IOException {
        source.files.put("base/5/1000", hostile());
        copy(kind);
        TestTrees.write(outside().resolve("1000"), "precious");
        Files.move(target().resolve("base/5"), target().resolve("base/6"));
        Files.createSymbolicLink(target().resolve("base/5"), outside());
        SourceListing more = more("base/5/new");

        try (Sink sink = kind.open(TargetLayout.of(target().toString()))) {
            for (Runnable work : List.<Runnable>of(
                    () -> sink.makeDirectories(more),
                    () -> sink.remove(List.of("base/5/1000")),
                    () -> sink.setAside(
                            List.of("base/5/1000"), temporary.resolve("aside").toString()),
                    () -> sink.writeFlushed("base/5/1000", new byte[1], 0600))) {
                assertThatThrownBy(work::run)
                        .isInstanceOfSatisfying(
                                UnderstudyException.class,
                                refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TARGET_UNSAFE));
            }
            assertThatCode(() -> sink.remove(List.of("base/5"))).doesNotThrowAnyException();
        }

        assertThat(target().resolve("base/5")).doesNotExist();
        assertThat(TestTrees.contents(outside())).containsOnlyKeys("/", "1000");
        assertThat(outside().resolve("1000")).hasContent("precious");
    }

    private SourceListing more(String directory) {
        ListingBuilder listing = new ListingBuilder(RULES, "primary");
        listing.add(directory, Kind.DIRECTORY, 0, 0, 0700, "");
        return listing.build();
    }

    @ParameterizedTest
    @EnumSource(Target.class)
    void aFileThatIsALinkIsReplacedOrRefusedButNeverWrittenThrough(Target kind) throws IOException {
        source.files.put("base/5/1000", hostile());
        copy(kind);
        Path precious = outside().resolve("precious");
        TestTrees.write(precious, "precious");
        Files.delete(target().resolve("base/5/1000"));
        Files.createSymbolicLink(target().resolve("base/5/1000"), precious);
        Files.createDirectories(target().resolve("global"));
        Files.createSymbolicLink(target().resolve("global/pg_control"), precious);

        try (Sink sink = kind.open(TargetLayout.of(target().toString()))) {
            try {
                sink.writeFlushed("global/pg_control", hostile(), 0600);
            } catch (UnderstudyException refused) {
                assertThat(refused.code()).isEqualTo(ErrorCode.TARGET_UNSAFE);
            }
        }
        try {
            copy(
                    kind,
                    TargetLayout.of(target().toString()),
                    CopyRequest.full(RULES, 1).asDelta());
            assertThat(Files.isRegularFile(target().resolve("base/5/1000"), LinkOption.NOFOLLOW_LINKS))
                    .isTrue();
        } catch (UnderstudyException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.TARGET_UNSAFE);
        }

        assertThat(precious).hasContent("precious");
    }
}
