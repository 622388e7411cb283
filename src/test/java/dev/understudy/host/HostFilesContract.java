package dev.understudy.host;

import static dev.understudy.host.HostContract.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.testing.Required;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every host does with files. */
abstract class HostFilesContract {
    @TempDir
    protected Path temporary;

    protected String base = "";

    /** The host under test, acting as the account that runs the test. */
    protected abstract Host host();

    private HostFiles files() {
        return host().files();
    }

    @BeforeEach
    void findBase() throws IOException {
        base = temporary.toRealPath().toString();
    }

    private String at(String name) {
        return base + "/" + name;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> names(List<FileStatus> list) {
        return list.stream().map(FileStatus::path).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "two words",
                "it's \"quoted\"",
                "line\nbreak",
                "ends in newline\n",
                "-rf",
                "--help",
                "äöü",
                "日本語 🐘",
                "back\\slash\\n",
                "$HOME`id`",
                "*",
                " ",
                "?",
                "\u0001\u007f",
                "%41",
                "a:b"
            })
    void everyNameWorksEverywhere(String name) {
        String path = at(name);
        files().writeAtomically(path, text("content of " + name), 0640);

        assertThat(files().read(path, 1000)).isEqualTo(text("content of " + name));
        assertThat(files().status(path)).hasValueSatisfying(status -> {
            assertThat(status.path()).isEqualTo(path);
            assertThat(status.mode()).isEqualTo(0640);
            assertThat(status.isFile()).isTrue();
        });
        assertThat(names(files().list(base))).containsExactly(name);
        files().createDirectory(at("d"), 0700);
        files().rename(path, at("d/" + name));
        assertThat(names(files().listRecursively(base))).containsExactly("d", "d/" + name);
        files().createSymbolicLink(path, name + "/" + name);
        assertThat(files().status(path).orElseThrow().linkTarget()).contains(name + "/" + name);
        assertThat(files().list(base))
                .filteredOn(FileStatus::isSymbolicLink)
                .extracting(FileStatus::linkTarget)
                .containsExactly(Optional.of(name + "/" + name));
        assertThat(files().realPath(at("d/" + name))).contains(at("d/" + name));
        files().setMode(at("d/" + name), 0600);
        assertThat(files().readTail(at("d/" + name), 2)).hasSize(2);
        files().flush(at("d/" + name));
        files().delete(path);
        files().deleteRecursively(at("d"));
        assertThat(files().list(base)).isEmpty();
    }

    @Test
    void statusTellsWhatAFileIs() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "12345");
        Instant modified = Instant.parse("2001-02-03T04:05:06.123456789Z");
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.from(modified));
        files().setMode(at("file"), 01644);
        files().createSymbolicLink(at("link"), "nowhere");
        files().createDirectory(at("directory"), 02750);

        FileStatus status = files().status(at("file")).orElseThrow();
        assertThat(status.size()).isEqualTo(5);
        assertThat(status.modified()).isEqualTo(modified);
        assertThat(status.mode()).isEqualTo(01644);
        assertThat(status.uid()).isEqualTo(host().account().uid());
        assertThat(status.gid()).isEqualTo(host().account().gid());
        assertThat(status.device()).isEqualTo(Files.getAttribute(file, "unix:dev"));
        assertThat(status.linkTarget()).isEmpty();
        assertThat(files().status(at("directory")).orElseThrow().mode()).isEqualTo(02750);
        assertThat(files().status(at("link")).orElseThrow().kind()).isEqualTo(FileStatus.Kind.SYMBOLIC_LINK);
        assertThat(files().status("/dev/null").orElseThrow().kind()).isEqualTo(FileStatus.Kind.OTHER);
        assertThat(files().status(at("missing"))).isEmpty();
        assertThat(files().status(at("file/below"))).isEmpty();
        assertThat(files().realPath(at("link"))).isEmpty();
        assertThat(files().status("/")).isPresent();
    }

    @Test
    void timesBeforeTheEpochAreRead() {
        // The JVM itself gets the fraction of such times wrong when it sets them.
        host().run(Command.of("touch", "-d", "1969-12-31T23:59:58.750Z", at("old")))
                .orThrow();
        Instant modified = Instant.parse("1969-12-31T23:59:58.750Z");

        assertThat(files().status(at("old")).orElseThrow().modified()).isEqualTo(modified);
    }

    @Test
    void writingReplacesALinkAndLeavesItsTarget() throws IOException {
        Path victim = Files.writeString(temporary.resolve("victim"), "precious");
        Files.createSymbolicLink(temporary.resolve("link"), victim);

        files().writeAtomically(at("link"), text("new"), 0600);

        assertThat(Files.readString(victim)).isEqualTo("precious");
        assertThat(files().status(at("link")).orElseThrow().isFile()).isTrue();
        assertThat(names(files().list(base))).containsExactly("link", "victim");
    }

    @Test
    void largeAndEmptyFilesAreWritten() {
        byte[] large = new byte[5_000_000];
        new java.util.Random(2).nextBytes(large);
        files().writeAtomically(at("large"), large, 0600);
        files().writeAtomically(at("empty"), new byte[0], 0400);

        assertThat(files().read(at("large"), large.length)).isEqualTo(large);
        assertThat(files().read(at("empty"), 0)).isEmpty();
        assertFails(ErrorCode.COMMAND_OUTPUT_TOO_LARGE, () -> files().read(at("large"), large.length - 1));
        files().writeAtomically(at("large"), text("small"), 0644);
        assertThat(files().read(at("large"), 10)).isEqualTo(text("small"));
    }

    @Test
    void partsOfFilesAreRead() {
        files().writeAtomically(at("digits"), text("0123456789"), 0600);

        assertThat(files().readTail(at("digits"), 3)).isEqualTo(text("789"));
        assertThat(files().readTail(at("digits"), 30)).isEqualTo(text("0123456789"));
        assertThat(files().readRange(at("digits"), 2, 3)).isEqualTo(text("234"));
        assertThat(files().readRange(at("digits"), 8, 30)).isEqualTo(text("89"));
        assertThat(files().readRange(at("digits"), 10, 3)).isEmpty();
        assertThat(files().readRange(at("digits"), 1000, 3)).isEmpty();
        assertThat(new String(files().read("/proc/self/status", 100_000), StandardCharsets.UTF_8))
                .contains("Uid:");
    }

    @Test
    void whatIsMissingOrThereAlreadyIsToldApart() {
        files().writeAtomically(at("file"), text("x"), 0600);
        files().createDirectory(at("full"), 0700);
        files().writeAtomically(at("full/file"), text("x"), 0600);

        assertFails(ErrorCode.FILE_MISSING, () -> files().read(at("no"), 10));
        assertFails(ErrorCode.FILE_MISSING, () -> files().readTail(at("no"), 10));
        assertFails(ErrorCode.FILE_MISSING, () -> files().readRange(at("no"), 0, 10));
        assertFails(ErrorCode.FILE_MISSING, () -> files().list(at("no")));
        assertFails(ErrorCode.FILE_MISSING, () -> files().list(at("file")));
        assertFails(ErrorCode.FILE_MISSING, () -> files().listRecursively(at("no")));
        assertFails(ErrorCode.FILE_MISSING, () -> files().writeAtomically(at("no/file"), text("x"), 0600));
        assertFails(ErrorCode.FILE_MISSING, () -> files().createDirectory(at("no/directory"), 0700));
        assertFails(ErrorCode.FILE_MISSING, () -> files().setMode(at("no"), 0700));
        assertFails(ErrorCode.FILE_MISSING, () -> files().rename(at("no"), at("other")));
        assertFails(ErrorCode.FILE_MISSING, () -> files().flush(at("no")));
        assertFails(ErrorCode.FILE_EXISTS, () -> files().createDirectory(at("file"), 0700));
        assertFails(ErrorCode.FILE_EXISTS, () -> files().createSymbolicLink(at("file"), "x"));
        assertFails(ErrorCode.FILE_EXISTS, () -> files().rename(at("file"), at("full")));
        assertFails(ErrorCode.FILE_EXISTS, () -> files().createDirectories(at("file/below"), 0700));
        assertFails(ErrorCode.FILE_IO, () -> files().delete(at("full")));
        assertFails(ErrorCode.FILE_IO, () -> files().read(at("full"), 10));
        assertThat(files().read(at("file"), 10)).isEqualTo(text("x"));
    }

    @Test
    void errorsNameEverything() {
        assertThatThrownBy(() -> files().read(at("no"), 10))
                .hasMessage("could not read file \"%s\" on host \"%s\" as \"%s\": no such file or directory"
                        .formatted(at("no"), host().name(), host().account().name()));
    }

    @Test
    void readOnlyFileSystemsAreTold() {
        assertFails(ErrorCode.FILE_MISSING, () -> files().writeAtomically("/proc/no/file", text("x"), 0600));
        assertThatThrownBy(() -> files().createDirectory("/proc/no", 0700)).isInstanceOf(UnderstudyException.class);
    }

    @Test
    void anotherAccountSeesAndMayOnlyItsOwn() throws IOException {
        Required.part("root", host().account().isRoot(), "only root works as another account and mounts");
        Account nobody = host().findAccount("nobody").orElseThrow();
        Host other = host().as(nobody);
        Path shared = Files.createDirectory(Path.of("/tmp").resolve("understudy-" + java.util.UUID.randomUUID()));
        try {
            Files.setAttribute(shared, "unix:uid", nobody.uid());
            other.files().writeAtomically(shared + "/mine", text("x"), 0600);
            other.files().createDirectories(shared + "/a/b", 0700);
            Files.writeString(shared.resolve("secret"), "s");
            files().setMode(shared + "/secret", 0600);

            assertThat(other.account()).isEqualTo(nobody);
            assertThat(other.run(Command.shell("id -u; id -g; echo $LOGNAME")).text())
                    .isEqualTo("%d\n%d\nnobody".formatted(nobody.uid(), nobody.gid()));
            assertThat(other.files().list(shared.toString()))
                    .filteredOn(status -> status.uid() == nobody.uid() && status.gid() == nobody.gid())
                    .extracting(FileStatus::path)
                    .containsExactly("a", "mine");
            assertFails(ErrorCode.FILE_FORBIDDEN, () -> other.files().read(shared + "/secret", 10));
            assertFails(ErrorCode.FILE_FORBIDDEN, () -> other.files().writeAtomically("/etc/x", text("x"), 0600));
            assertFails(ErrorCode.FILE_FORBIDDEN, () -> other.files().list("/root"));
            assertFails(ErrorCode.FILE_FORBIDDEN, () -> other.files().status("/root/x"));
            assertFails(ErrorCode.FILE_FORBIDDEN, () -> other.files().createDirectories("/etc/a/b", 0700));
            assertFails(ErrorCode.FILE_FORBIDDEN, () -> other.files().setMode("/etc/passwd", 0777));
            assertThat(other.as(host().account()).account().isRoot()).isTrue();
        } finally {
            files().deleteRecursively(shared.toString());
        }
    }

    @Test
    void fullDisksAreToldAndLeaveTheOldContents() {
        Required.part("root", host().account().isRoot(), "only root works as another account and mounts");
        files().createDirectory(at("small"), 0700);
        CommandResult mount = host().run(Command.of("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", at("small")));
        Required.part("root", mount.succeeded(), "cannot mount: " + mount.error());
        try {
            files().writeAtomically(at("small/file"), text("old"), 0600);
            assertFails(
                    ErrorCode.FILE_SYSTEM_FULL,
                    () -> files().writeAtomically(at("small/file"), new byte[100_000], 0600));
            assertThat(files().read(at("small/file"), 10)).isEqualTo(text("old"));
            assertThat(names(files().list(at("small")))).containsExactly("file");
            FileSystemUsage usage = files().usage(at("small/not/there/yet"));
            assertThat(usage.mountPoint()).isEqualTo(at("small"));
            assertThat(usage.type()).isEqualTo("tmpfs");
            assertThat(usage.totalBytes()).isEqualTo(64 << 10);
            assertThat(usage.availableBytes()).isBetween(0L, 64L << 10);
            assertFails(ErrorCode.FILE_IO, () -> files().rename(at("small/file"), at("file")));
            host().run(Command.of("mount", "-o", "remount,ro", at("small"))).orThrow();
            assertFails(
                    ErrorCode.FILE_SYSTEM_READ_ONLY,
                    () -> files().writeAtomically(at("small/file"), text("new"), 0600));
            assertFails(ErrorCode.FILE_SYSTEM_READ_ONLY, () -> files().createDirectory(at("small/d"), 0700));
            assertFails(ErrorCode.FILE_SYSTEM_READ_ONLY, () -> files().delete(at("small/file")));
        } finally {
            host().run(Command.of("umount", at("small"))).orThrow();
        }
    }

    @Test
    void namesThatAreNotUtf8AreErrors() {
        host().run(Command.shell("cd \"$1\" && : > \"$(printf 'bad\\377name')\"", base))
                .orThrow();

        assertThatThrownBy(() -> files().list(base)).isInstanceOfSatisfying(UnderstudyException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.FILE_NAME_UNREADABLE);
            assertThat(e.message()).contains("bad\\xFFname");
        });
        assertFails(ErrorCode.FILE_NAME_UNREADABLE, () -> files().listRecursively(base));
    }

    @Test
    void aLargeTreeIsListedOnce() throws IOException {
        for (int i = 0; i < 2000; i++) {
            Path parent = temporary.resolve("directory " + i % 40);
            Files.createDirectories(parent);
            Files.writeString(parent.resolve("file " + i), "x".repeat(i % 100));
        }
        Files.createSymbolicLink(temporary.resolve("loop"), temporary);

        List<FileStatus> all = files().listRecursively(base);

        assertThat(all).hasSize(2041);
        assertThat(names(all)).isSorted().doesNotHaveDuplicates();
        assertThat(all.stream()
                        .mapToLong(file -> file.isFile() ? file.size() : 0)
                        .sum())
                .isEqualTo(20L * 99 * 50);
        assertThat(all).filteredOn(FileStatus::isSymbolicLink).hasSize(1);
    }

    @Test
    void directoriesAreMadeOnce() {
        assertThat(files().createDirectories(at("a/b/c"), 0750)).containsExactly(at("a"), at("a/b"), at("a/b/c"));
        assertThat(files().createDirectories(at("a/b/c"), 0700)).isEmpty();
        assertThat(files().createDirectories("/", 0700)).isEmpty();
        assertThat(files().status(at("a/b")).orElseThrow().mode()).isEqualTo(0750);
    }

    @Test
    void renamingAndReplacing() {
        files().writeAtomically(at("a"), text("a"), 0600);
        files().writeAtomically(at("b"), text("b"), 0600);
        files().replace(at("a"), at("b"));
        assertThat(names(files().list(base))).containsExactly("b");
        assertThat(files().read(at("b"), 1)).isEqualTo(text("a"));
        files().createDirectory(at("d"), 0700);
        files().rename(at("d"), at("e"));
        assertThat(names(files().list(base))).containsExactly("b", "e");
        assertFails(ErrorCode.FILE_EXISTS, () -> files().rename(at("b"), at("e")));
    }

    @Test
    void deletingFollowsNoLink() throws IOException {
        Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(temporary.resolve("outside/file"), "precious");
        files().createDirectory(at("tree"), 0700);
        files().createSymbolicLink(at("tree/link"), at("outside"));
        files().createSymbolicLink(at("link"), at("outside"));

        files().deleteRecursively(at("tree"));
        files().deleteRecursively(at("link"));
        files().delete(at("never there"));
        files().deleteRecursively(at("never/there"));

        assertThat(names(files().listRecursively(base))).containsExactly("outside", "outside/file");
    }

    @Test
    void pathsThatAreNoneAreRefused() {
        assertFails(ErrorCode.VALUE_INVALID, () -> files().status("relative"));
        assertFails(ErrorCode.VALUE_INVALID, () -> files().read("/a\0b", 1));
        assertFails(ErrorCode.VALUE_INVALID, () -> files().deleteRecursively("///"));
        assertFails(ErrorCode.VALUE_INVALID, () -> files().replace(at("a"), "/"));
    }

    @Test
    void linksAreNotChanged() {
        files().writeAtomically(at("file"), text("x"), 0600);
        files().createSymbolicLink(at("link"), "file");
        assertFails(ErrorCode.FILE_IO, () -> files().setMode(at("link"), 0777));
        assertThat(files().status(at("file")).orElseThrow().mode()).isEqualTo(0600);
    }
}
