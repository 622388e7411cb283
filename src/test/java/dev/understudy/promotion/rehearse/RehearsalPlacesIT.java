package dev.understudy.promotion.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cli.console.ExitCode;
import dev.understudy.engine.Outcome;
import dev.understudy.engine.journal.RunState;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.RunFixture;
import dev.understudy.testing.SmallFileSystem;
import dev.understudy.testing.SshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a rehearsal's copy can be made: over SSH, on the file system of the standby, and not where it has no room. */
final class RehearsalPlacesIT {
    private static final ServerMajor MAJOR = ServerMajor.V15;

    @TempDir
    private Path state;

    /** From the standby's host to another as well: {@code -Dunderstudy.rehearsal.relay=true}. */
    @Test
    void overSshItIsMadeThereAndWithoutRoomRefusedBeforeAnythingIsMade() throws IOException {
        try (SshServer sshd = SshServer.start(state.resolve("sshd"));
                Pair pair = Pair.of(EmbeddedPostgres.of(MAJOR).withChecksums(), MAJOR, state.resolve("built"))) {
            withoutRoom(pair);
            overSsh(pair, sshd, sshd.address());
            if (Boolean.getBoolean("understudy.rehearsal.relay")) {
                overSsh(pair, sshd, "local");
            }
        }
    }

    private void overSsh(Pair pair, SshServer sshd, String standbyHost) throws IOException {
        Path scratch = pair.primary().scratch("scratch");
        Map<String, String> parameters = pair.parameters(scratch);
        parameters.put("standby_host", standbyHost);
        parameters.put("scratch_host", sshd.address());
        RunFixture fixture = new RunFixture(state.resolve("state"), sshd.options());
        RunState run = fixture.run("rehearsal", parameters);

        assertThat(run.outcome()).as(fixture.said()).isEqualTo(Outcome.DONE);
        assertThat(ExitCode.of(run)).as(fixture.said()).isEqualTo(ExitCode.OK);
        isEmpty(scratch);
    }

    private void withoutRoom(Pair pair) throws IOException {
        try (SmallFileSystem disk = SmallFileSystem.of(SmallFileSystem.Type.TMPFS, 64)) {
            RunFixture fixture = new RunFixture(state.resolve("state"));
            RunState run = fixture.run("rehearsal", pair.parameters(disk.mountPoint()));

            assertThat(run.outcome()).as(fixture.said()).isEqualTo(Outcome.REFUSED);
            assertThat(ExitCode.of(run).number()).isEqualTo(3);
            assertThat(run.error().orElseThrow().message())
                    .isEqualTo("cannot rehearse: 1 of 9 checks failed; nothing was made");
            assertThat(run.error().orElseThrow().detail())
                    .matches("space: .* are free in \"" + disk.mountPoint()
                            + "\", the copy takes up to .* of data, .* of WAL, 64 MB of room to work");
            isEmpty(disk.mountPoint());
            assertThat(pair.standby().query("SELECT pg_is_in_recovery()")).isEqualTo("t");
        }
    }

    @Test
    void onAFileSystemThatSharesBlocksNoneIsRead() throws IOException {
        try (SmallFileSystem disk = SmallFileSystem.of(SmallFileSystem.Type.XFS, 1500)) {
            Path data = disk.mountPoint().resolve("standby");
            try (Pair pair = Pair.of(EmbeddedPostgres.of(MAJOR).withChecksums(), MAJOR, state.resolve("built"), data)) {
                Map<String, String> parameters = pair.parameters(disk.mountPoint());
                parameters.put("copy", "reflink");
                RunFixture fixture = new RunFixture(state.resolve("state"));
                RunState run = fixture.run("rehearsal", parameters);

                assertThat(run.outcome()).as(fixture.said()).isEqualTo(Outcome.DONE);
                assertThat(ExitCode.of(run)).as(fixture.said()).isEqualTo(ExitCode.OK);
                assertThat(run.published().get("copy"))
                        .containsEntry("via", "reflink")
                        .containsEntry("bytesTransferred", 0);
                assertThat(disk.mountPoint().resolve("understudy-rehearsal")).doesNotExist();
                pair.ledger().requireRunning();
            }
        }
    }

    private static void isEmpty(Path directory) throws IOException {
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }
}
