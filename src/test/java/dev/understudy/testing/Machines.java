package dev.understudy.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.lifecycle.Startables;

/**
 * Whole machines of their own for a test, as a DBA has them: Debian 12 with PostgreSQL 15 and a real sshd, in containers
 * on one network. They know each other by name, and the test's JVM reaches them by address. Accounts {@code root} and
 * {@code postgres} admit one generated key; the hosts' real keys are in a known_hosts file, fetched past the network. No
 * PostgreSQL cluster is there until the test makes one. All is removed by {@link #close}, and when the JVM ends.
 *
 * <pre>
 * try (Machines machines = Machines.start("primary", "standby")) {
 *     MachineCluster cluster = machines.get("primary").debianCluster("main", 5432).start();
 *     String conninfo = cluster.conninfo();
 *     String host = "ssh://postgres@" + machines.get("primary").address();  // key: privateKey(), knownHosts()
 *     machines.get("standby").cut();
 * }
 * </pre>
 *
 * Skips the test where Docker or the image is missing, see {@link Required}; {@code .ci/image} builds the image.
 */
public final class Machines implements AutoCloseable {
    static final String IMAGE = "understudy/host:bookworm";

    private final Map<String, Machine> machines = new LinkedHashMap<>();
    private final SshIdentity identity;
    private final SubnetNetwork network;
    private final Path directory;

    private Machines(SshIdentity identity, SubnetNetwork network, Path directory) {
        this.identity = identity;
        this.network = network;
        this.directory = directory;
    }

    /** Starts machines of these names, all at once, and waits until their sshd listen. */
    public static Machines start(String... names) {
        return start(Set.of(), names);
    }

    /**
     * The same, where systemd runs the machines named first and starts their services, as on a machine that was
     * installed: {@code systemctl} works there.
     */
    public static Machines start(Set<String> withSystemd, String... names) {
        requireImage();
        try {
            Path directory = Files.createTempDirectory("us-machines");
            SubnetNetwork network = SubnetNetwork.create();
            Machines made = new Machines(SshIdentity.generate(directory), network, directory);
            try {
                made.startAll(withSystemd, List.of(names));
                return made;
            } catch (RuntimeException | IOException e) {
                made.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The machine of that name. */
    public Machine get(String name) {
        Machine machine = machines.get(name);
        if (machine == null) {
            throw new IllegalArgumentException("no machine " + name + " among " + machines.keySet());
        }
        return machine;
    }

    /** The key that every machine admits: OpenSSH's format, ed25519, without passphrase, mode 0600. */
    public Path privateKey() {
        return identity.privateKey();
    }

    /** The machines' host keys by name and by address. */
    public Path knownHosts() {
        return identity.knownHosts();
    }

    /** The subnet all of them are in, as pg_hba.conf wants it; the test's JVM connects from an address in it. */
    public String subnet() {
        return network.subnet();
    }

    @Override
    public void close() {
        machines.values().forEach(Machine::remove);
        network.close();
        try {
            EmbeddedBinaries.deleteTree(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireImage() {
        Required.part(
                "docker",
                DockerClientFactory.instance().isDockerAvailable(),
                "no Docker daemon answers (Debian: package docker.io)");
        DockerClient client = DockerClientFactory.lazyClient();
        boolean present;
        try {
            client.inspectImageCmd(IMAGE).exec();
            present = true;
        } catch (NotFoundException e) {
            present = false;
        }
        Required.part("docker", present, "there is no image " + IMAGE + "; build it as root with: .ci/image");
    }

    private void startAll(Set<String> withSystemd, List<String> names) throws IOException {
        Map<String, String> addresses = new LinkedHashMap<>();
        names.forEach(name -> addresses.put(name, network.address(11 + addresses.size())));
        for (String name : names) {
            machines.put(name, new Machine(name, network, addresses, identity, withSystemd.contains(name)));
        }
        Startables.deepStart(machines.values().stream().map(Machine::container)).join();
        identity.know(machines.values().stream()
                .flatMap(machine -> machine.hostKeys().map(key -> machine.name() + "," + machine.address() + " " + key))
                .toList());
    }
}
