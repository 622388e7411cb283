package dev.understudy.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import dev.understudy.pgfile.directory.CopyRules;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.SshServer;
import dev.understudy.transfer.files.TargetLayout;
import dev.understudy.transfer.pipeline.CopyListener;
import dev.understudy.transfer.ssh.RemoteSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A target's machine that meddles: programs that come before the real ones of their names put a link in a file's place in
 * the moment between a look at the file and its change, or cannot bring to the disk what was written.
 */
final class MeddlingMachineIT {
    private static final CopyRules RULES = CopyRules.of(ServerMajor.V15);
    private static final String FILE = "base/5/1000";

    /** Too large for the archive of small files. */
    private static final int BYTES = 3 << 20;

    @TempDir
    private Path temporary;

    private final FakeSource source = new FakeSource();
    private Path programs;
    private Path precious;
    private SshServer sshd;

    @BeforeEach
    void start() throws IOException {
        programs = Files.createDirectories(temporary.resolve("programs"));
        precious = temporary.resolve("precious");
        Files.writeString(precious, "precious");
        Files.setPosixFilePermissions(precious, PosixFilePermissions.fromString("rw-r--r--"));
        Path forced = program(
                temporary.resolve("forced"), "PATH=" + programs + ":$PATH exec /bin/sh -c \"$SSH_ORIGINAL_COMMAND\"");
        sshd = SshServer.start(temporary.resolve("sshd"), "ForceCommand " + forced);
        byte[] bytes = new byte[BYTES];
        new Random(7).nextBytes(bytes);
        source.files.put(FILE, bytes);
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

    /** Before the real program, if an argument says that it is the moment. */
    private void plantBefore(String name, String moment) throws IOException {
        Path planted = target().resolve(FILE);
        program(
                programs.resolve(name),
                ("case \" $* \" in *\" %s\"*) [ -e '%s' ] || { mv '%s' '%s'; ln -s '%s' '%s'; }; esac; exec /bin/%s \"$@\"")
                        .formatted(moment, aside(), planted, aside(), precious, planted, name));
    }

    private Path target() {
        return temporary.resolve("standby");
    }

    private Path aside() {
        return temporary.resolve("aside");
    }

    private void copy() {
        try (Host host = Hosts.open(sshd.address(), sshd.options());
                RemoteSink sink = new RemoteSink(host, TargetLayout.of(target().toString()), () -> {})) {
            DataDirectoryCopy.run(CopyRequest.full(RULES, 1), source, sink, CopyListener.NONE);
        }
    }

    private void isUntouched() throws IOException {
        assertThat(precious).hasContent("precious");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(precious)))
                .isEqualTo("rw-r--r--");
        assertThat(aside()).as("the moment came").isRegularFile();
    }

    @Test
    void aLinkPlantedWhenAFileGetsItsSizeIsNotFollowed() throws IOException {
        plantBefore("dd", "count=0");

        UnderstudyException refused = catchThrowableOfType(UnderstudyException.class, this::copy);

        assertThat(refused.code()).isEqualTo(ErrorCode.TARGET_UNSAFE);
        isUntouched();
    }

    @Test
    void aLinkPlantedWhenAFileGetsItsModeIsNotFollowed() throws IOException {
        plantBefore("chmod", "-- 6");

        Throwable end = catchThrowable(this::copy);

        assertThat(end == null || end instanceof UnderstudyException).isTrue();
        isUntouched();
        assertThat(Files.getPosixFilePermissions(aside(), LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    }

    @Test
    void aCopyWhoseFlushFailsThereIsNoCopy() throws IOException {
        program(programs.resolve("sync"), "echo \"sync: error syncing '$3': Input/output error\" >&2; exit 1");

        UnderstudyException refused = catchThrowableOfType(UnderstudyException.class, this::copy);

        assertThat(refused.code()).isEqualTo(ErrorCode.FILE_IO);
        assertThat(refused.message()).startsWith("could not flush \"" + target() + "\" on host");
        assertThat(refused.detail()).contains("Input/output error");
    }
}
