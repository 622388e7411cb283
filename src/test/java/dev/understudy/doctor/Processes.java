package dev.understudy.doctor;

import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** Processes of a server that are killed, or left over. */
final class Processes {
    private static long backend;

    private Processes() {}

    /** Kills a server's first process, and waits until the others have followed it. */
    static void kill(EmbeddedPostgres server) {
        long pid = server.pid();
        List<ProcessHandle> children =
                ProcessHandle.of(pid).orElseThrow().descendants().toList();
        signal("KILL", pid);
        Awaitility.await("the server's end")
                .atMost(Duration.ofSeconds(30))
                .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** Kills a standby but for one backend, which holds the shared memory, and tries to start it again. */
    static void killAllButOneBackend(BrokenPair pair) throws SQLException {
        EmbeddedPostgres server = pair.standby();
        try (Connection session = server.connect();
                Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            backend = row.getLong(1);
            signal("STOP", backend);
            List<ProcessHandle> others = ProcessHandle.of(server.pid())
                    .orElseThrow()
                    .descendants()
                    .filter(process -> process.pid() != backend)
                    .toList();
            signal("KILL", server.pid());
            Awaitility.await("the others' end")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> others.stream().noneMatch(ProcessHandle::isAlive));
        }
        server.startWithoutWaiting();
        Awaitility.await("the refusal")
                .atMost(Duration.ofSeconds(30))
                .until(() -> server.log().contains("pre-existing shared memory block"));
    }

    /** Kills the backend that was left, if one was: 0 would be our own process group. */
    static void killBackend() {
        if (backend == 0) {
            return;
        }
        signal("KILL", backend);
        Awaitility.await("the backend's end")
                .until(() ->
                        ProcessHandle.of(backend).filter(ProcessHandle::isAlive).isEmpty());
    }

    private static void signal(String name, long pid) {
        Account.run(List.of("kill", "-" + name, Long.toString(pid)), Map.of());
    }
}
