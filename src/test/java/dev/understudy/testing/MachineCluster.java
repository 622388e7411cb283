package dev.understudy.testing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL 15 cluster on one of {@link Machines}, owned by account {@code postgres}; superuser {@code postgres}. It
 * listens on all addresses, and admits everybody of the machines' network and the test without password, replication
 * too, unless {@link #admit} says otherwise.
 */
public final class MachineCluster implements TestServer {
    /** Where Debian keeps the server's programs; not on anybody's PATH. */
    public static final String BIN_DIRECTORY = "/usr/lib/postgresql/15/bin";

    private static final String ACCOUNT = "postgres";

    private final Machine machine;
    private final @Nullable String debianName;
    private final String dataDirectory;
    private final String configurationDirectory;
    private final int port;

    private MachineCluster(
            Machine machine,
            @Nullable String debianName,
            String dataDirectory,
            String configurationDirectory,
            int port) {
        this.machine = machine;
        this.debianName = debianName;
        this.dataDirectory = dataDirectory;
        this.configurationDirectory = configurationDirectory;
        this.port = port;
    }

    static MachineCluster debian(Machine machine, String name, int port, String... initdbOptions) {
        List<String> line = new ArrayList<>(List.of(
                "pg_createcluster", "--port", Integer.toString(port), "--start-conf", "manual", "15", name, "--"));
        line.addAll(List.of(initdbOptions));
        machine.run("root", line.toArray(String[]::new));
        return new MachineCluster(machine, name, "/var/lib/postgresql/15/" + name, "/etc/postgresql/15/" + name, port)
                .open();
    }

    static MachineCluster plain(Machine machine, String dataDirectory, int port, String... initdbOptions) {
        List<String> line = new ArrayList<>(List.of(
                BIN_DIRECTORY + "/initdb", "-D", dataDirectory, "-U", ACCOUNT, "-A", "trust", "-E", "UTF8", "-N"));
        line.addAll(List.of(initdbOptions));
        machine.run(ACCOUNT, line.toArray(String[]::new));
        return existing(machine, dataDirectory, port)
                .configure("port = " + port)
                .open();
    }

    static MachineCluster existing(Machine machine, String dataDirectory, int port) {
        return new MachineCluster(machine, null, dataDirectory, dataDirectory, port);
    }

    public Machine machine() {
        return machine;
    }

    /** Absolute, on the machine. */
    public String dataDirectory() {
        return dataDirectory;
    }

    /** Where {@code postgresql.conf} and {@code pg_hba.conf} are: the data directory, except in Debian's layout. */
    public String configurationDirectory() {
        return configurationDirectory;
    }

    public int port() {
        return port;
    }

    /** A libpq connection string that works from the other machines and from the test. */
    public String conninfo() {
        return "host=" + machine.address() + " port=" + port + " user=postgres dbname=postgres";
    }

    @Override
    public String jdbcUrl() {
        return "jdbc:postgresql://" + machine.address() + ":" + port
                + "/postgres?user=postgres&sslmode=disable&gssEncMode=disable&connectTimeout=5&loginTimeout=20";
    }

    /** Appends lines to {@code postgresql.conf}. */
    public MachineCluster configure(String... lines) {
        machine.shell(
                ACCOUNT,
                "printf '%s\\n' \"$2\" >>\"$1\"",
                configurationDirectory + "/postgresql.conf",
                String.join("\n", lines));
        return this;
    }

    /** Puts other lines into {@code pg_hba.conf}; peer authentication of {@code postgres} stays, Debian's tools need it. */
    public MachineCluster admit(String... lines) {
        machine.shell(
                ACCOUNT,
                "printf 'local all postgres peer\\n%s\\n' \"$2\" >\"$1\"",
                configurationDirectory + "/pg_hba.conf",
                String.join("\n", lines));
        return this;
    }

    /** Starts it and waits until it answers; a standby that is not consistent yet does not. */
    public MachineCluster start() {
        if (debianName != null) {
            machine.run("root", "pg_ctlcluster", "15", debianName, "start");
        } else {
            control("start", "-l", dataDirectory + ".log");
        }
        return this;
    }

    /** Stops it the clean way, clients or not. */
    public void stop() {
        if (debianName != null) {
            machine.run("root", "pg_ctlcluster", "15", debianName, "stop", "--mode", "fast");
        } else {
            control("stop", "-m", "fast");
        }
    }

    /** All that it has logged so far. */
    public String log() {
        return machine.run(
                ACCOUNT,
                "cat",
                debianName == null
                        ? dataDirectory + ".log"
                        : "/var/log/postgresql/postgresql-15-" + debianName + ".log");
    }

    private MachineCluster open() {
        configure("listen_addresses = '*'", "fsync = off");
        return admit("host all all all trust", "host replication all all trust", "local replication all peer");
    }

    private void control(String verb, String... options) {
        List<String> line =
                new ArrayList<>(List.of(BIN_DIRECTORY + "/pg_ctl", verb, "-s", "-w", "-t", "60", "-D", dataDirectory));
        line.addAll(List.of(options));
        machine.run(ACCOUNT, line.toArray(String[]::new));
    }
}
