package dev.understudy.host;

import dev.understudy.host.open.Hosts;
import dev.understudy.testing.SshServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

final class SshHostIT extends HostContract {
    private static SshServer server;
    private static Host host;

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = SshServer.start(directory);
        host = Hosts.open(server.address(), server.options());
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            host.close();
            server.close();
        }
    }

    @Override
    protected Host host() {
        return host;
    }
}
