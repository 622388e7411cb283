package dev.understudy.cli.demo;

import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The demo's primary: page checksums, passwords checked, replication allowed.
 *
 * @param server its programs and directory
 * @param conninfo how to connect as superuser; the password is in the passfile that it names
 */
record DemoPrimary(DemoServer server, Conninfo conninfo) {
    private static final int PASSWORD_BYTES = 16;

    /** Makes it and starts it. */
    static DemoPrimary start(Workshop workshop, Path binDirectory, ServerMajor major) {
        int port = Workshop.freePort();
        String password = password();
        Path secrets = workshop.privateDirectory("secrets");
        Path passwordFile = workshop.secretFile(secrets.resolve("password"), password + "\n");
        Path passFile = workshop.secretFile(secrets.resolve("pgpass"), "*:*:*:*:" + password + "\n");
        Path sockets = workshop.privateDirectory("sockets");
        DemoServer server = new DemoServer(workshop.host(), binDirectory, workshop.privateDirectory("primary"));
        String authentication = major.isAtLeast(ServerMajor.V10) ? "scram-sha-256" : "md5";
        server.initialize(passwordFile, authentication);
        append(server.dataDirectory().resolve("postgresql.conf"), settings(port, sockets, major));
        append(
                server.dataDirectory().resolve("pg_hba.conf"),
                List.of("host replication all 127.0.0.1/32 " + authentication));
        server.start(workshop.root().resolve("primary/server.log"));
        return new DemoPrimary(
                server,
                Conninfo.of(Map.of(
                        "host", "127.0.0.1",
                        "port", Integer.toString(port),
                        "user", "postgres",
                        "dbname", "postgres",
                        "passfile", passFile.toString())));
    }

    /** What a primary that is replicated has, and enough WAL before a checkpoint that loading is not slowed down. */
    private static List<String> settings(int port, Path sockets, ServerMajor major) {
        String password = major.isAtLeast(ServerMajor.V10) ? "scram-sha-256" : "on";
        return List.of(
                "# demo",
                "listen_addresses = '127.0.0.1'",
                "port = " + port,
                "unix_socket_directories = '" + sockets + "'",
                "password_encryption = '" + password + "'",
                "wal_level = replica",
                "max_wal_senders = 10",
                "max_replication_slots = 10",
                "hot_standby = on",
                "shared_buffers = 64MB",
                "max_wal_size = 2GB");
    }

    private static String password() {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private static void append(Path file, List<String> lines) {
        try {
            Files.write(file, lines, java.nio.file.StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw Workshop.failed("could not write file \"" + file + "\"", e);
        }
    }
}
