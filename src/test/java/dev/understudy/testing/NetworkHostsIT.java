package dev.understudy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.understudy.postgres.ServerMajor;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NetworkHostsIT {
    @Test
    void aShapedCableIsSlowAndAFreeOneIsNot() throws Exception {
        try (NetworkHosts hosts = NetworkHosts.of("a")) {
            Duration free = send(hosts, 2_000_000);
            hosts.shape("a", 16);
            Duration shaped = send(hosts, 2_000_000);
            hosts.unshape("a");

            // 2 MB at 2 MB/s take a second, less what the burst lets through at once.
            assertThat(shaped).isBetween(Duration.ofMillis(700), Duration.ofSeconds(10));
            assertThat(free).isLessThan(shaped);
        }
    }

    @Test
    void aServerOnAHostIsReachedUntilTheCableIsCutAndAgainAfterIt() throws Exception {
        Path namespace;
        try (NetworkHosts hosts = NetworkHosts.of("primary", "standby");
                EmbeddedPostgres server = EmbeddedPostgres.of(ServerMajor.V17)
                        .withSetting("listen_addresses", "*")
                        .initialize()) {
            namespace = Path.of("/run/netns", hosts.inside("primary", List.of()).get(3));
            assertThat(namespace).exists();
            server.admit("host all all " + hosts.subnet() + " trust");
            Account.run(hosts.inside("primary", Account.asServer(control(server, "start"))), Map.of());
            try {
                assertThat(client(hosts, server)).isEqualTo(hosts.addressOfTest());
                hosts.run("standby", "bash", "-c", knock(hosts, server));

                hosts.cut("primary");
                assertThatThrownBy(() -> connect(hosts.address("primary"), server.port()))
                        .isInstanceOf(IOException.class);
                assertThatThrownBy(() -> hosts.run("standby", "timeout", "1", "bash", "-c", knock(hosts, server)))
                        .isInstanceOf(IllegalStateException.class);

                hosts.heal("primary");
                await().atMost(Duration.ofSeconds(20))
                        .ignoreExceptions()
                        .untilAsserted(() -> assertThat(client(hosts, server)).isEqualTo(hosts.addressOfTest()));
            } finally {
                Account.run(Account.asServer(control(server, "stop")), Map.of());
            }
        }
        assertThat(namespace).doesNotExist();
    }

    private static List<String> control(EmbeddedPostgres server, String verb) {
        return List.of(
                server.binDirectory().resolve("pg_ctl").toString(),
                verb,
                "-s",
                "-w",
                "-m",
                "fast",
                "-D",
                server.dataDirectory().toString(),
                "-l",
                server.logFile().toString());
    }

    private static String client(NetworkHosts hosts, EmbeddedPostgres server) throws SQLException {
        String url = "jdbc:postgresql://" + hosts.address("primary") + ":" + server.port()
                + "/postgres?user=postgres&connectTimeout=2&loginTimeout=2&sslmode=disable&gssEncMode=disable";
        try (Connection connection = DriverManager.getConnection(url);
                ResultSet rows = connection.createStatement().executeQuery("select host(inet_client_addr())")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void connect(String address, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 500);
        }
    }

    private static String knock(NetworkHosts hosts, EmbeddedPostgres server) {
        return "exec 3<>/dev/tcp/" + hosts.address("primary") + "/" + server.port();
    }

    private static Duration send(NetworkHosts hosts, int bytes) throws IOException, InterruptedException {
        try (ServerSocket listener = hosts.listenAsTest()) {
            listener.setSoTimeout(20_000);
            Process sender = new ProcessBuilder(hosts.inside(
                            "a",
                            List.of(
                                    "bash",
                                    "-c",
                                    "head -c " + bytes + " /dev/zero >/dev/tcp/" + hosts.addressOfTest() + "/"
                                            + listener.getLocalPort())))
                    .inheritIO()
                    .start();
            try (Socket socket = listener.accept();
                    InputStream in = socket.getInputStream()) {
                socket.setSoTimeout(20_000);
                long start = System.nanoTime();
                assertThat(in.readAllBytes()).hasSize(bytes);
                return Duration.ofNanos(System.nanoTime() - start);
            } finally {
                sender.waitFor();
            }
        }
    }
}
