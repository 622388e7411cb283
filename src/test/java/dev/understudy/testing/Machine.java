package dev.understudy.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.jcraft.jsch.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ExecConfig;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;

/** One of {@link Machines}. Commands run through Docker, so they work however broken the machine's network or sshd is. */
public final class Machine {
    /** Longest that one command may take, in seconds; it is killed on the machine after that. */
    private static final int COMMAND_LIMIT_SECONDS = 120;

    private static final int STOP_SECONDS = 5;

    private final String name;
    private final SubnetNetwork network;
    private final String address;
    private final SshIdentity identity;
    private final GenericContainer<?> container;

    @SuppressWarnings("resource") // closed by remove()
    Machine(
            String name,
            SubnetNetwork network,
            Map<String, String> addresses,
            SshIdentity identity,
            boolean withSystemd) {
        this.name = name;
        this.network = network;
        this.address = addresses.getOrDefault(name, "");
        this.identity = identity;
        this.container = new GenericContainer<>(Machines.IMAGE)
                .withNetwork(network.network())
                .withEnv("AUTHORIZED_KEY", identity.publicKey())
                .withSharedMemorySize(256L << 20)
                .withLabel("dev.understudy", "test")
                .withCreateContainerCmdModifier(
                        command -> command.withHostName(name).withIpv4Address(address))
                .waitingFor(Wait.forLogMessage(".*Server listening on 0\\.0\\.0\\.0 port 22.*", 1)
                        .withStartupTimeout(Duration.ofSeconds(60)));
        if (withSystemd) {
            // It keeps its own part of the control groups, which a container may only read otherwise.
            container
                    .withCommand("/usr/local/sbin/host", "systemd")
                    .withCreateContainerCmdModifier(command -> command.getHostConfig()
                            .withCapAdd(Capability.SYS_ADMIN)
                            .withSecurityOpts(List.of("apparmor=unconfined")));
        }
        // Names from /etc/hosts rather than Docker's resolver: they stay when a cable is pulled.
        addresses.forEach(container::withExtraHost);
    }

    /** Its host name; the other machines know it by that. */
    public String name() {
        return name;
    }

    /** Its address, which it keeps when stopped or cut; sshd listens there on port 22. */
    public String address() {
        return address;
    }

    /** Runs a command to its end and gives status and output, whatever the status. */
    public ExecResult exec(String account, String... command) {
        List<String> line =
                new ArrayList<>(List.of("timeout", "--kill-after=5", Integer.toString(COMMAND_LIMIT_SECONDS)));
        line.addAll(List.of(command));
        try {
            return container.execInContainer(ExecConfig.builder()
                    .user(account)
                    .workDir("/")
                    .command(line.toArray(String[]::new))
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted: " + line, e);
        }
    }

    /** Runs a command to its end and gives its standard output; fails if the status is not 0. */
    public String run(String account, String... command) {
        ExecResult result = exec(account, command);
        if (result.getExitCode() != 0) {
            throw new IllegalStateException("status " + result.getExitCode() + " on " + name + ": "
                    + String.join(" ", command) + "\n" + result.getStdout() + result.getStderr());
        }
        return result.getStdout();
    }

    /** Runs a shell script; {@code $1}, {@code $2} … are the arguments. */
    public String shell(String account, String script, String... arguments) {
        List<String> line = new ArrayList<>(List.of("sh", "-euc", script, "sh"));
        line.addAll(List.of(arguments));
        return run(account, line.toArray(String[]::new));
    }

    /** Writes a file that belongs to an account; its directory must be there. */
    public void write(String account, String path, String text) {
        container.copyFileToContainer(Transferable.of(text.getBytes(StandardCharsets.UTF_8)), path);
        run("root", "chown", account + ":", path);
    }

    /** A connected SSH session of JSch as an account, its host key checked; the caller disconnects it. */
    public Session session(String account) {
        return identity.connect(account, address);
    }

    /** A cluster in Debian's layout: configuration under {@code /etc/postgresql}, {@code pg_ctlcluster}. Not started. */
    public MachineCluster debianCluster(String cluster, int port, String... initdbOptions) {
        return MachineCluster.debian(this, cluster, port, initdbOptions);
    }

    /** A cluster as {@code initdb} makes it, everything in its data directory. Not started. */
    public MachineCluster plainCluster(String dataDirectory, int port, String... initdbOptions) {
        return MachineCluster.plain(this, dataDirectory, port, initdbOptions);
    }

    /** A data directory that is there already, such as a standby that somebody built; nothing is changed in it. */
    public MachineCluster existingCluster(String dataDirectory, int port) {
        return MachineCluster.existing(this, dataDirectory, port);
    }

    /** Takes its network away; what is connected waits in vain. Its address and the others' names stay known. */
    public void cut() {
        client().disconnectFromNetworkCmd()
                .withContainerId(container.getContainerId())
                .withNetworkId(network.network().getId())
                .withForce(true)
                .exec();
    }

    /** Gives its network back, with the same address. */
    public void heal() {
        client().connectToNetworkCmd()
                .withContainerId(container.getContainerId())
                .withNetworkId(network.network().getId())
                .withContainerNetwork(
                        new ContainerNetwork().withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(address)))
                .exec();
    }

    /** Freezes all of its processes; its kernel still answers on the network, nobody else does. */
    public void pause() {
        client().pauseContainerCmd(container.getContainerId()).exec();
    }

    public void unpause() {
        client().unpauseContainerCmd(container.getContainerId()).exec();
    }

    /** Stops it as a power cut does: every process is killed. Its disk and its address stay. */
    public void powerOff() {
        client().killContainerCmd(container.getContainerId()).exec();
    }

    /** Stops sshd, then kills the rest; servers get no time for a checkpoint. */
    public void stop() {
        client().stopContainerCmd(container.getContainerId())
                .withTimeout(STOP_SECONDS)
                .exec();
    }

    /** Starts it again and waits until SSH answers. Clusters stay stopped. */
    public void start() {
        client().startContainerCmd(container.getContainerId()).exec();
        Awaitility.await("sshd of " + name)
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> {
                    session("root").disconnect();
                    return true;
                });
    }

    /** What sshd has logged. */
    public String sshdLog() {
        return container.getLogs();
    }

    GenericContainer<?> container() {
        return container;
    }

    /** The host's public keys, type and key, as known_hosts has them. */
    Stream<String> hostKeys() {
        return shell("root", "cat /etc/ssh/ssh_host_*_key.pub").lines().map(line -> {
            String[] fields = line.split(" ", -1);
            return fields[0] + " " + fields[1];
        });
    }

    void remove() {
        container.stop();
    }

    /** Copies a file of this machine to the test's. */
    public void fetch(String path, Path target) {
        container.copyFileFromContainer(path, target.toString());
    }

    private static DockerClient client() {
        return DockerClientFactory.lazyClient();
    }
}
