package dev.understudy.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.SshServer;
import dev.understudy.transfer.CopyRequest;
import dev.understudy.transfer.DataDirectoryCopy;
import dev.understudy.transfer.TestTrees;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.local.LocalSink;
import dev.understudy.transfer.pipeline.CopyListener;
import dev.understudy.transfer.ssh.SshSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A primary's machine whose programs lie, behind a real sshd that forces them upon the log-in: listings with names that
 * lead out, archives with other files than were asked for, answers that are none. Nothing is written outside of the
 * target, and the copy ends in an error of its own kind.
 */
final class LyingMachineIT {
    private static final CopyRules RULES = CopyRules.of(ServerMajor.V15);

    @TempDir
    Path temporary;

    private Path lies;
    private Path primary;
    private SshServer sshd;

    @BeforeEach
    void start() throws IOException {
        lies = Files.createDirectories(temporary.resolve("lies"));
        primary = TestTrees.cluster(temporary.resolve("primary"), new Random(5));
        Files.delete(primary.resolve("base/5/18000")); // Its size is of no use here.
        Files.createDirectories(temporary.resolve("outside"));
        // The lies come before the real programs of these names; all else is as it is.
        Path forced = program(
                temporary.resolve("forced"), "PATH=" + lies + ":$PATH exec /bin/sh -c \"$SSH_ORIGINAL_COMMAND\"");
        sshd = SshServer.start(temporary.resolve("sshd"), "ForceCommand " + forced);
    }

    @AfterEach
    void stop() {
        sshd.close();
    }

    private static Path program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private void lie(String name, String script) throws IOException {
        program(lies.resolve(name), script);
    }

    private Path target() {
        return temporary.resolve("standby");
    }

    private void copy() {
        try (Host host = Hosts.open(sshd.address(), sshd.options());
                SshSource source = new SshSource(host, primary.toString());
                LocalSink sink = new LocalSink(TargetLayout.of(target().toString()), TestTrees.me(), () -> {})) {
            DataDirectoryCopy.run(CopyRequest.full(RULES, 2), source, sink, CopyListener.NONE);
        }
    }

    private UnderstudyException refused() throws IOException {
        UnderstudyException refused = catchThrowableOfType(UnderstudyException.class, this::copy);
        assertThat(refused).isNotNull();
        assertThat(temporary.resolve("outside")).isEmptyDirectory();
        assertThat(temporary.resolve("escape")).doesNotExist();
        if (Files.exists(target())) {
            try (Stream<Path> paths = Files.walk(target())) {
                assertThat(paths.filter(Files::isSymbolicLink)).isEmpty();
            }
        }
        return refused;
    }

    @Test
    void theTruthIsCopied() {
        copy();

        assertThat(target().resolve("PG_VERSION")).hasContent("15\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../escape",
                "./../escape",
                "/etc/passwd",
                "./base/../../escape",
                "./base/5/.././../../escape",
                ".//etc",
                "./base//5"
            })
    void aListingThatLeadsOutOfTheTargetIsRefused(String name) throws IOException {
        lie("find", "printf 'd 4096 1700000000.0 700 .\\0\\0f 3 1700000000.0 600 " + name + "\\0\\0'");

        assertThat(refused().code()).isEqualTo(ErrorCode.SOURCE_NAME_UNSAFE);
        assertThat(target()).doesNotExist();
    }

    /** An archive whose entries are not those that were asked for, one of them under a name that leads out. */
    @ParameterizedTest
    @ValueSource(
            strings = {"s,.*,../escape,", "s,.*,/etc/escape,", "s,^./,./base/../../,", "s,.*,./postgresql.auto.conf,"})
    void aFileThatWasNotAskedForIsNotTaken(String transformation) throws IOException {
        lie("tar", "exec /bin/tar --absolute-names --transform='" + transformation + "' \"$@\"");

        assertThat(refused().code()).isEqualTo(ErrorCode.SOURCE_NAME_UNSAFE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"symbolic", "hard", "device", "directory"})
    void anArchiveOfLinksAndDevicesIsNotUnderstood(String kind) throws IOException {
        Path inside = Files.createDirectories(temporary.resolve("inside"));
        switch (kind) {
            case "symbolic" -> Files.createSymbolicLink(inside.resolve("PG_VERSION"), temporary.resolve("outside"));
            case "hard" -> {
                Files.writeString(inside.resolve("A"), "a");
                Files.createLink(inside.resolve("PG_VERSION"), inside.resolve("A"));
            }
            case "device" ->
                new ProcessBuilder("mkfifo", inside.resolve("PG_VERSION").toString())
                        .start()
                        .onExit()
                        .join();
            default -> Files.createDirectory(inside.resolve("PG_VERSION"));
        }
        lie(
                "tar",
                "cat >/dev/null; cd " + inside + " && exec /bin/tar --create --file=- --format=gnu --no-recursion"
                        + " --blocking-factor=128 " + (kind.equals("hard") ? "./A " : "") + "./PG_VERSION");

        assertThat(refused().code()).isIn(ErrorCode.SOURCE_UNREADABLE, ErrorCode.SOURCE_NAME_UNSAFE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo 'Welcome to db1!'",
                "printf 'f -8192 1700000000.0 600 ./PG_VERSION\\0\\0'",
                "printf 'f 99999999999999999999 1700000000.0 600 ./PG_VERSION\\0\\0'",
                "printf 'f 3 1e99 600 ./PG_VERSION\\0\\0'",
                "printf 'f 3 1700000000.0 9 ./PG_VERSION\\0\\0'",
                "printf '%020000d' 1"
            })
    void aListingThatIsNoneIsSaidToBeSo(String listing) throws IOException {
        lie("find", listing + "; exit 1");

        assertThat(refused().code()).isNotEqualTo(ErrorCode.DEFECT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 3", "cat >/dev/null; head -c 65536 /dev/zero", "cat >/dev/null; yes | head -c 65536"})
    void anArchiveThatIsNoneIsSaidToBeSo(String archive) throws IOException {
        lie("tar", archive);

        assertThat(refused().code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo nonsense", "printf 'S\\0x\\0'", "printf 'S 81a4 -1 1 0 0 1\\0x\\0'", "true"})
    void aFileStatusThatIsNoneIsSaidToBeSo(String status) throws IOException {
        lie("stat", status);

        try (Host host = Hosts.open(sshd.address(), sshd.options())) {
            UnderstudyException refused = catchThrowableOfType(
                    UnderstudyException.class, () -> host.files().status(primary.toString()));

            assertThat(refused.code()).isEqualTo(ErrorCode.SSH_SHELL_UNUSABLE);
        }
    }
}
