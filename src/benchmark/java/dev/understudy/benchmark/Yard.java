package dev.understudy.benchmark;

import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedBinaries;
import dev.understudy.testing.NetworkHosts;
import dev.understudy.testing.Oracles;
import dev.understudy.testing.SshServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where the contests are held: a primary, an SSH server, a second host with a cable of its own, room for copies. */
public final class Yard implements AutoCloseable {
    /** The host at the other end of the cable. */
    public static final String STANDBY = "standby";

    private final Path directory;
    private final Cluster cluster;
    private final NetworkHosts network = NetworkHosts.of(STANDBY);
    private final SshServer ssh;
    private final Program program;

    private Yard(Path directory, Cluster cluster) {
        this.directory = directory;
        this.cluster = cluster;
        try {
            Path rooms = directory.resolve("rooms");
            Files.createDirectories(rooms);
            Account.give(rooms);
            Path home = directory.resolve("home");
            Files.createDirectories(home.resolve(".ssh"));
            EmbeddedBinaries.deleteTree(directory.resolve("sshd"));
            this.ssh = SshServer.start(directory.resolve("sshd"), "ListenAddress " + network.addressOfTest());
            Files.writeString(
                    ssh.knownHosts(),
                    Files.readString(ssh.knownHosts())
                            + ssh.knownHostsLine("[%s]:%d".formatted(network.addressOfTest(), ssh.port())));
            Files.copy(ssh.config(), home.resolve(".ssh/config"), StandardCopyOption.REPLACE_EXISTING);
            this.program = new Program(
                    directory.resolve("output"),
                    Map.of(
                            "HOME",
                            home.toString(),
                            "UNDERSTUDY_STATE",
                            directory.resolve("state").toString(),
                            "LC_ALL",
                            "C.UTF-8"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Yard open(Settings settings) {
        try {
            Files.createDirectories(settings.directory());
            Account.run(List.of("chmod", "a+x", settings.directory().toString()), Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Cluster cluster = Cluster.start(
                settings.directory().resolve("cluster-%d-%d".formatted(settings.megabytes(), settings.smallTables())));
        new Contents(cluster).fill(settings.megabytes(), settings.smallTables());
        return new Yard(settings.directory(), cluster);
    }

    public Cluster cluster() {
        return cluster;
    }

    public NetworkHosts network() {
        return network;
    }

    public Program program() {
        return program;
    }

    /** How Understudy names the primary's machine, from this one or from the other host. */
    public String sshAddress() {
        return "ssh://%s@%s:%d".formatted(Account.current(), network.addressOfTest(), ssh.port());
    }

    /** A directory for a copy, which is not there; what was there is gone. */
    public Path room(String name) {
        Path room = directory.resolve("rooms").resolve(name);
        clear(room);
        return room;
    }

    public void clear(Path room) {
        Account.run(List.of("rm", "-rf", room.toString()), Map.of());
    }

    /** The same, made, and of the account that runs servers. */
    public Path serverRoom(String name) {
        Path room = room(name);
        try {
            Files.createDirectories(room);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Account.give(room);
        return room;
    }

    /** A second primary, with nothing in it. */
    public Cluster emptyCluster() {
        return Cluster.start(directory.resolve("cluster-empty"));
    }

    /** Has all that was written until now reach the disk, so that nobody pays for others. */
    public void settle() {
        Account.run(List.of("sync"), Map.of());
    }

    /** A server program of PostgreSQL, as the account that owns the files. */
    public List<String> asServer(String name, String... arguments) {
        List<String> line = new ArrayList<>(List.of(Oracles.program(name).toString()));
        line.addAll(List.of(arguments));
        return Account.asServer(line);
    }

    /** A command whose whole process group can be killed by its process id. */
    public List<String> inOwnGroup(List<String> command) {
        List<String> line = new ArrayList<>(List.of("setsid"));
        line.addAll(command);
        return line;
    }

    /** The launcher, as people start it. */
    public List<String> understudy(List<String> arguments) {
        List<String> line =
                new ArrayList<>(List.of(Path.of("understudy").toAbsolutePath().toString()));
        line.addAll(arguments);
        return line;
    }

    @Override
    public void close() {
        ssh.close();
        network.close();
        cluster.close();
    }
}
