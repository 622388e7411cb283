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
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the contests are held: a primary, an SSH server, a second host with a cable of its own, room for copies. */
public final class Yard implements AutoCloseable {
    /** The host at the other end of the cable. */
    public static final String STANDBY = "standby";

    private final Path directory;
    private final Cluster cluster;
    private final Optional<NetworkHosts> network;
    private final SshServer ssh;
    private final Program program;
    private final List<Cluster> others = new ArrayList<>();
    private final Thread closeAtExit = new Thread(this::end, "close-yard");

    private Yard(Path directory, Cluster cluster) {
        this.directory = directory;
        this.cluster = cluster;
        this.network = Account.isRoot() ? Optional.of(NetworkHosts.of(STANDBY)) : Optional.empty();
        try {
            Path rooms = directory.resolve("rooms");
            Files.createDirectories(rooms);
            Account.give(rooms);
            Path home = directory.resolve("home");
            Files.createDirectories(home.resolve(".ssh"));
            EmbeddedBinaries.deleteTree(directory.resolve("sshd"));
            this.ssh = SshServer.start(
                    directory.resolve("sshd"),
                    network.map(hosts -> new String[] {"ListenAddress " + hosts.addressOfTest()})
                            .orElse(new String[0]));
            Files.writeString(
                    ssh.knownHosts(),
                    ssh.knownHostsLine("[%s]:%d".formatted(sshHost(), ssh.port())),
                    StandardOpenOption.APPEND);
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

    static Yard open(Settings settings) {
        try {
            Files.createDirectories(settings.directory());
            requireWay(settings.directory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Cluster cluster = cluster(settings.directory(), settings.megabytes(), settings.smallTables());
        Yard yard = new Yard(settings.directory(), cluster);
        Runtime.getRuntime().addShutdownHook(yard.closeAtExit);
        return yard;
    }

    /** The servers' account has to get through to its files, which it cannot below a home of mode 0700. */
    private static void requireWay(Path directory) throws IOException {
        for (Path above = directory; Account.isRoot() && above != null; above = above.getParent()) {
            if (!Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                throw new IllegalArgumentException(
                        "account %s cannot enter %s; name another place with -Dunderstudy.benchmark.directory"
                                .formatted(Account.ofServers(), above));
            }
        }
    }

    private static Cluster cluster(Path directory, int megabytes, int smallTables) {
        return Cluster.start(
                directory.resolve("cluster-%d-%d".formatted(megabytes, smallTables)),
                new Contents(megabytes, smallTables));
    }

    public Cluster cluster() {
        return cluster;
    }

    /** Why there is no {@link #network}; empty if there is one. */
    public Optional<String> lackOfNetwork() {
        return network.isPresent() ? Optional.empty() : Optional.of("only root makes network namespaces");
    }

    public NetworkHosts network() {
        return network.orElseThrow();
    }

    public Program program() {
        return program;
    }

    /** How Understudy names the primary's machine, from this one or from the other host. */
    public String sshAddress() {
        return "ssh://%s@%s:%d".formatted(Account.current(), sshHost(), ssh.port());
    }

    public String sshHost() {
        return network.map(NetworkHosts::addressOfTest).orElse("127.0.0.1");
    }

    /** The command with which other programs log in to {@link #sshHost}. */
    public String sshCommand() {
        return "ssh -F %s -p %d".formatted(ssh.config(), ssh.port());
    }

    /** A file of this run, overwritten by the next. */
    Path file(String name) {
        return directory.resolve(name);
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

    /** A second primary, with nothing in it; kept, as the first is. */
    public Cluster emptyCluster() {
        return other(Cluster.start(directory.resolve("cluster-empty"), new Contents(0, 0)));
    }

    /** A primary of another size. */
    public Cluster otherCluster(int megabytes, int smallTables) {
        return other(cluster(directory, megabytes, smallTables));
    }

    private synchronized Cluster other(Cluster started) {
        others.add(started);
        return started;
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
        end();
        network.ifPresent(NetworkHosts::close);
        Runtime.getRuntime().removeShutdownHook(closeAtExit);
    }

    /** Also when the run is interrupted. Clusters and the network have hooks of their own. */
    private synchronized void end() {
        others.forEach(Cluster::close);
        cluster.close();
        ssh.close();
    }
}
