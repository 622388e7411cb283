package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.LeftBehind;
import dev.understudy.testing.SshServer;
import dev.understudy.testing.Understudy;
import dev.understudy.testing.Understudy.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log-ins over SSH that must not be, by the files under {@code ~/.ssh} as anybody has them. */
final class SshRefusedIT {
    private static EmbeddedPostgres primary;

    @TempDir
    private Path home;

    private BadRun run;

    @BeforeAll
    static void startPrimary() {
        primary = EmbeddedPostgres.of(ServerMajor.V15).start();
    }

    @AfterAll
    static void stopPrimary() {
        if (primary != null) {
            primary.close();
        }
    }

    @BeforeEach
    void makeHome() {
        run = new BadRun(primary, home, primary.scratch("work"));
    }

    @AfterEach
    void nothingIsLeftOnThePrimary() {
        LeftBehind.nothingOn(primary);
    }

    @Test
    void anSshServerThatIsNotKnownIsRefused() throws IOException {
        try (SshServer sshd = SshServer.start(home.resolve("sshd"))) {
            clientFiles("");
            run.refused(ssh(sshd), "host key", "127.0.0.1");
        }
    }

    @Test
    void anSshServerWithAnotherKeyThanTheKnownOneIsRefused() throws IOException {
        try (SshServer sshd = SshServer.start(home.resolve("sshd"));
                SshServer other = SshServer.start(home.resolve("other"))) {
            clientFiles(other.knownHostsLine("[127.0.0.1]:" + sshd.port()));

            run.refused(ssh(sshd), "HAS CHANGED", "127.0.0.1");
        }
    }

    /** The key is the account's own by its usual name, and the server does not know it. */
    @Test
    void anSshKeyThatTheServerDoesNotAdmitIsRefused() throws IOException {
        try (SshServer sshd = SshServer.start(home.resolve("sshd"))) {
            clientFiles(sshd.knownHostsLine("[127.0.0.1]:" + sshd.port()));
            SshServer.generateKey(home.resolve(".ssh/id_ed25519"), "ed25519");
            run.refused(ssh(sshd), "127.0.0.1");

            SshServer.authorize(home.resolve("sshd"), home.resolve(".ssh/id_ed25519.pub"));
            Ended ended = run.understudy().run(Understudy.command("plan", "standby", ssh(sshd)));
            assertThat(ended.status())
                    .as("once it is admitted: %s", ended.said())
                    .isZero();
        }
    }

    private Map<String, String> ssh(SshServer sshd) {
        return run.parameters("primary_host", sshd.address(), "via", "ssh");
    }

    private void clientFiles(String knownHosts) throws IOException {
        Files.createDirectories(home.resolve(".ssh"));
        Files.writeString(home.resolve(".ssh/known_hosts"), knownHosts);
    }
}
