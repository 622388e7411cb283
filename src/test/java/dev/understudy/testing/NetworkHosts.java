package dev.understudy.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Hosts that share this machine's files and programs and have a network of their own: a network namespace each, cabled
 * to one switch, to which the test's JVM is cabled too. Cheaper than {@link Machines}, and the cables can be made slow or
 * pulled: then packets vanish and nobody is told, as in real life. Needs root and iproute2. Addresses come from
 * 198.18.0.0/15, set aside for tests by RFC 2544.
 *
 * <pre>
 * try (NetworkHosts hosts = NetworkHosts.of("primary", "standby")) {
 *     hosts.shape("standby", 100);
 *     new ProcessBuilder(hosts.inside("primary", List.of("sshd", …))).start();
 *     hosts.cut("standby");
 * }
 * </pre>
 */
public final class NetworkHosts implements AutoCloseable {
    private final String prefix =
            String.format(Locale.ROOT, "us%04x", ThreadLocalRandom.current().nextInt(1 << 16));
    private final int subnet = ThreadLocalRandom.current().nextInt(256);
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final Thread removeAtExit = new Thread(this::remove, "remove-network-namespaces");

    private NetworkHosts() {}

    /** Makes hosts of these names; skips the test without root or {@code ip} and {@code tc}. */
    public static NetworkHosts of(String... names) {
        Required.part("root", Account.isRoot(), "only root makes network namespaces");
        Required.part(
                "root",
                List.of("ip", "tc").stream()
                        .allMatch(program -> Files.isExecutable(Path.of("/usr/sbin", program))
                                || Files.isExecutable(Path.of("/usr/bin", program))),
                "there are no programs ip and tc (Debian: iproute2)");
        NetworkHosts hosts = new NetworkHosts();
        Runtime.getRuntime().addShutdownHook(hosts.removeAtExit);
        try {
            hosts.make(List.of(names));
            return hosts;
        } catch (RuntimeException e) {
            hosts.close();
            throw e;
        }
    }

    /** A host's address, for the other hosts and for the test's JVM. */
    public String address(String host) {
        return address(number(host));
    }

    /** The address of the test's JVM in the eyes of the hosts. */
    public String addressOfTest() {
        return address(1);
    }

    /** The subnet all of them are in, as pg_hba.conf wants it. */
    public String subnet() {
        return "198.18." + subnet + ".0/24";
    }

    /** A port that is free on {@link #addressOfTest} is enough: hosts have all of theirs to themselves. */
    public ServerSocket listenAsTest() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getByName(addressOfTest()));
    }

    /** The command line that runs {@code command}, as root, in a host's network. */
    public List<String> inside(String host, List<String> command) {
        List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", namespace(number(host))));
        line.addAll(command);
        return line;
    }

    /** Runs a command in a host's network to its end, at most two minutes; fails if its status is not 0. */
    public String run(String host, String... command) {
        return Account.run(inside(host, List.of(command)), Map.of());
    }

    /**
     * Limits a host's cable, each way on its own.
     *
     * @param megabitsPerSecond 1 Mbit/s = 125,000 bytes a second, headers included
     */
    public void shape(String host, int megabitsPerSecond) {
        int number = number(host);
        String[] limit = {
            // A burst of 10 ms or so of the rate, and at least one large (offloaded) packet.
            "root",
            "tbf",
            "rate",
            megabitsPerSecond + "mbit",
            "burst",
            Math.max(64 * 1024, megabitsPerSecond * 1250) + "b",
            "latency",
            "200ms"
        };
        queue(namespace(number), "replace", "eth0", limit);
        queue(switchNamespace(), "replace", port(number), limit);
    }

    /** Takes the limit away. */
    public void unshape(String host) {
        int number = number(host);
        queue(namespace(number), "delete", "eth0", "root");
        queue(switchNamespace(), "delete", port(number), "root");
    }

    /** Pulls a host's cable out of the switch: packets to and from it vanish; addresses and routes stay. */
    public void cut(String host) {
        ip("-n", switchNamespace(), "link", "set", port(number(host)), "nomaster");
    }

    /** Puts the cable back. */
    public void heal(String host) {
        ip("-n", switchNamespace(), "link", "set", port(number(host)), "master", "switch");
    }

    /** Ends what still runs in the hosts, and removes them. */
    @Override
    public void close() {
        remove();
        Runtime.getRuntime().removeShutdownHook(removeAtExit);
    }

    private void make(List<String> names) {
        // The switch has a namespace of its own, so that no packet filter of this machine (Docker's) sees its traffic.
        ip("netns", "add", switchNamespace());
        ip("-n", switchNamespace(), "link", "add", "switch", "type", "bridge", "forward_delay", "0");
        ip("-n", switchNamespace(), "link", "set", "switch", "up");
        ip("link", "add", prefix, "type", "veth", "peer", "name", port(1), "netns", switchNamespace());
        plug(1);
        ip("address", "add", address(1) + "/24", "dev", prefix);
        ip("link", "set", prefix, "up");
        for (String name : names) {
            int number = 11 + numbers.size();
            numbers.put(name, number);
            String namespace = namespace(number);
            ip("netns", "add", namespace);
            ip("-n", namespace, "link", "set", "lo", "up");
            ip(
                    "-n",
                    namespace,
                    "link",
                    "add",
                    "eth0",
                    "type",
                    "veth",
                    "peer",
                    port(number),
                    "netns",
                    switchNamespace());
            plug(number);
            ip("-n", namespace, "address", "add", address(number) + "/24", "dev", "eth0");
            ip("-n", namespace, "link", "set", "eth0", "up");
        }
    }

    private void plug(int number) {
        ip("-n", switchNamespace(), "link", "set", port(number), "master", "switch", "up");
    }

    private synchronized void remove() {
        List<String> namespaces =
                new ArrayList<>(numbers.values().stream().map(this::namespace).toList());
        namespaces.add(switchNamespace());
        for (String namespace : namespaces) {
            if (Files.exists(Path.of("/run/netns", namespace))) {
                for (String pid : Account.run(List.of("ip", "netns", "pids", namespace), Map.of())
                        .lines()
                        .toList()) {
                    ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
                }
                ip("netns", "delete", namespace);
            }
        }
        numbers.clear();
    }

    private int number(String host) {
        Integer number = numbers.get(host);
        if (number == null) {
            throw new IllegalArgumentException("no host " + host + " among " + numbers.keySet());
        }
        return number;
    }

    private String address(int number) {
        return "198.18." + subnet + "." + number;
    }

    private String namespace(int number) {
        return prefix + "-" + number;
    }

    private String switchNamespace() {
        return prefix + "-switch";
    }

    private static String port(int number) {
        return "port" + number;
    }

    private static void queue(String namespace, String verb, String device, String... rest) {
        List<String> line = new ArrayList<>(List.of("tc", "-n", namespace, "qdisc", verb, "dev", device));
        line.addAll(List.of(rest));
        Account.run(line, Map.of());
    }

    private static void ip(String... arguments) {
        List<String> line = new ArrayList<>(List.of("ip"));
        line.addAll(List.of(arguments));
        Account.run(line, Map.of());
    }
}
