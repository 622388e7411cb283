package dev.understudy.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.host.open.Hosts;
import dev.understudy.testing.SshServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run left at work is told from everything else that runs, also from what other runs and steps started. */
final class LeftProcessesIT {
    @Test
    void onThisMachineItAloneIsEnded() {
        itAloneIsEnded(Hosts.local());
    }

    @Test
    void onAnotherMachineItAloneIsEnded(@TempDir Path directory) {
        try (SshServer server = SshServer.start(directory);
                Host host = Hosts.open(server.address(), server.options())) {
            itAloneIsEnded(host);
        }
    }

    private static void itAloneIsEnded(Host host) {
        String left = start(host, "run-1", "copy");
        String ofAnotherStep = start(host, "run-1", "copy-2");
        String ofAnotherRun = start(host, "run-11", "copy");

        assertThat(LeftProcesses.end(host, "run-1", "copy")).containsExactly(left);

        assertThat(LeftProcesses.end(host, "run-1", "copy")).isEmpty();
        assertThat(LeftProcesses.end(host, "run-1", "copy-2")).containsExactly(ofAnotherStep);
        assertThat(LeftProcesses.end(host, "run-11", "copy")).containsExactly(ofAnotherRun);
    }

    /** A process that outlives its command, with a line end in its environment besides. */
    private static String start(Host host, String run, String step) {
        Command sleep = Command.shell("sleep 1000 >/dev/null 2>&1 & echo $!");
        return host.run(LeftProcesses.marked(sleep, run, step).withEnvironment("OTHER", "a\nb"))
                .text();
    }
}
