package dev.understudy.benchmark;

import dev.understudy.testing.Account;
import dev.understudy.testing.Oracles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A copy of the primary by Understudy: everything of a run up to the sealed directory, whose files are all on the disk,
 * and no server started, since the peers start none either. The whole process is timed, the JVM's start included.
 */
public final class Copy {
    private final Yard yard;
    private final Cluster cluster;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private boolean onto;
    private boolean remote;

    /** Of the yard's primary. */
    public Copy(Yard yard, Path target) {
        this(yard, yard.cluster(), target);
    }

    public Copy(Yard yard, Cluster cluster, Path target) {
        this.yard = yard;
        this.cluster = cluster;
        parameters.put("primary", cluster.socketConninfo());
        parameters.put("primary_host", "none");
        parameters.put("data_directory", target.toString());
        parameters.put("bin_directory", Oracles.binDirectory().toString());
        parameters.put("socket_directory", target.getParent().toString());
        parameters.put("via", "sql");
        parameters.put("workers", "4");
    }

    public Copy with(String name, String value) {
        parameters.put(name, value);
        return this;
    }

    /**
     * By this route, over TLS or over SSH where it goes through a network. Said after {@link #fromStandby}, if that is
     * said.
     */
    public Copy by(String route) {
        with("via", route);
        String host = remote ? yard.network().addressOfTest() : "127.0.0.1";
        return switch (route) {
            case "local" -> with("primary_host", "local");
            case "ssh" ->
                (remote ? with("primary", cluster.conninfo(host, "require")) : this)
                        .with("primary_host", yard.sshAddress());
            default -> with("primary", cluster.conninfo(host, "require"));
        };
    }

    /** Onto what is there, sending what differs. */
    public Copy onto() {
        onto = true;
        return this;
    }

    /** On the other host, at the end of the cable. */
    public Copy fromStandby() {
        remote = true;
        return this;
    }

    /** Makes it; its report is the run's. */
    public Program.Ran make() {
        yard.settle();
        Program.Ran ran = yard.program().run(command());
        dropSlot();
        if (!ran.report().path("outcome").asText().equals("done")) {
            throw new IllegalStateException("the run did not end well:\n" + ran.output());
        }
        return ran;
    }

    /** A standby would need it now; nobody starts one. */
    public void dropSlot() {
        cluster.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                + " WHERE slot_name = 'understudy_benchmark'");
    }

    /** The command line of the run. */
    public List<String> command() {
        List<String> words = new ArrayList<>(List.of("run", playbook().toString(), "--format", "json"));
        parameters.forEach((name, value) -> words.addAll(List.of("-e", name + "=" + value)));
        List<String> line = yard.understudy(words);
        return remote ? yard.network().inside(Yard.STANDBY, line) : line;
    }

    private Path playbook() {
        try {
            return Files.writeString(yard.file(onto ? "onto.yaml" : "copy.yaml"), """
                    understudy: 1
                    name: benchmark
                    description: Copy a primary, and start nothing.
                    parameters:
                      primary: {description: libpq connection string, required: true}
                      primary_host: {description: where the primary's files are, required: true}
                      data_directory: {description: the copy, required: true}
                      bin_directory: {description: server programs, required: true}
                      socket_directory: {description: directory of a socket, required: true}
                      via: {description: route, required: true}
                      workers: {description: how many copy at the same time, required: true}
                      rate_limit: {description: upper limit of the rate}
                    primary: {connect: "${primary}", host: "${primary_host}"}
                    standby: {host: local, account: %s, data_directory: "${data_directory}", bin_directory: "${bin_directory}", socket_directory: "${socket_directory}"}
                    steps:
                      - preflight
                      - reserve-wal: {slot: understudy_benchmark}
                      - start-backup: {checkpoint: fast}
                      - copy-data-directory: {via: "${via}", workers: "${workers}", rate_limit: "${rate_limit}"%s}
                      - stop-backup
                      - render-recovery
                    """.formatted(
                            Account.ofServers(), onto ? ", onto: existing" : ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
