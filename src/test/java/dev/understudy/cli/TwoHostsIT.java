package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.postgres.Lsn;
import dev.understudy.testing.Ledger;
import dev.understudy.testing.Machine;
import dev.understudy.testing.MachineCluster;
import dev.understudy.testing.Machines;
import dev.understudy.testing.Understudy;
import dev.understudy.testing.Understudy.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Primary and standby on machines of their own, as Debian installs them, and Understudy on a third: by a role that has
 * what the preflight asks for and nothing else, with passwords, while an application writes.
 */
final class TwoHostsIT {
    private static final String TABLESPACE = "/var/lib/postgresql/the archive";
    private static final String BUILDER_PASSWORD = "builder's own";
    private static final String FOLLOWER_PASSWORD = "follower's own";

    private static Machines machines;
    private static Machine second;
    private static MachineCluster primary;
    private static Ledger ledger;

    @TempDir
    private Path home;

    private Understudy understudy;

    @BeforeAll
    static void startMachines() {
        machines = Machines.start(Set.of("standby"), "primary", "standby");
        second = machines.get("standby");
        Machine first = machines.get("primary");
        primary = first.debianCluster("main", 5433, "--data-checksums");
        primary.admit(
                "host all postgres " + machines.subnet() + " trust",
                "host all all " + machines.subnet() + " scram-sha-256",
                "host all all 127.0.0.1/32 scram-sha-256",
                "host replication postgres " + machines.subnet() + " trust",
                "host replication all " + machines.subnet() + " scram-sha-256");
        primary.start();
        first.run("postgres", "mkdir", TABLESPACE);
        ledger = Ledger.create(primary.jdbcUrl(), TABLESPACE).start();
        primary.execute(
                "CREATE ROLE builder LOGIN PASSWORD '" + BUILDER_PASSWORD.replace("'", "''") + "'",
                "CREATE ROLE follower REPLICATION LOGIN PASSWORD '" + FOLLOWER_PASSWORD.replace("'", "''") + "'");
    }

    @AfterAll
    static void remove() {
        if (ledger != null) {
            ledger.close();
        }
        if (machines != null) {
            machines.close();
        }
    }

    @BeforeEach
    void makeHome() throws IOException {
        Files.createDirectories(home.resolve(".ssh"));
        Files.writeString(
                home.resolve(".ssh/config"),
                "Host *\n    IdentityFile " + machines.privateKey() + "\n    UserKnownHostsFile "
                        + machines.knownHosts() + "\n    User postgres\n");
        understudy = new Understudy(home);
    }

    @AfterEach
    void noPasswordWasWrittenDown() throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(each -> !each.getFileName().toString().equals(".pgpass"))
                    .toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(BUILDER_PASSWORD, FOLLOWER_PASSWORD);
            }
        }
    }

    private Map<String, String> parameters(String name) {
        return new LinkedHashMap<>(Map.of(
                "primary", "host=" + primary.machine().address() + " port=5433 user=builder dbname=postgres",
                "standby_host", "ssh://" + second.address(),
                "replication", "host=primary port=5433 user=follower",
                "data_directory", "/var/lib/postgresql/15/" + name,
                "slot", name,
                "tablespaces", TABLESPACE + "=" + TABLESPACE + " of " + name));
    }

    private void passwordFile() throws IOException {
        Path file = home.resolve(".pgpass");
        Files.writeString(
                file, "*:5433:*:builder:" + BUILDER_PASSWORD + "\n*:5433:*:follower:" + FOLLOWER_PASSWORD + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** First the route over SSH by a role that has nothing yet, then what it is told to be granted, then the run. */
    @Test
    void theRoleNeedsWhatPreflightPrintsAndNoMoreThroughSshByRelay() throws IOException {
        passwordFile();
        Map<String, String> parameters = parameters("relayed");
        parameters.put("primary_host", "ssh://" + primary.machine().address());
        parameters.put("via", "ssh");

        grantWhatIsAsked(parameters);
        isProven(parameters, "follower", 5433);
    }

    /** No file of the primary's machine can be read; the one password, for building and following, is in the environment. */
    @Test
    void theDatabaseItselfIsEnoughOfThePrimary() throws IOException {
        understudy.with("PGPASSWORD", BUILDER_PASSWORD);
        Map<String, String> parameters = parameters("by_sql");
        parameters.remove("replication");
        parameters.put("port", "5434");
        parameters.put("via", "sql");

        grantWhatIsAsked(parameters);
        isProven(parameters, "builder", 5434);
    }

    /** The cluster has its configuration in /etc, made by Debian's own program beforehand, and brings its own port. */
    @Test
    void aClusterOfDebiansIsStartedByItsProgram() throws IOException {
        passwordFile();
        Map<String, String> parameters = debianCluster("by_program", 5435);
        parameters.put("start", "pg_ctlcluster");

        isProven(parameters, "postgres", 5435);
        assertThat(second.run("postgres", "pg_lsclusters", "--no-header"))
                .containsPattern("15 +by_program +5435 +online,recovery +postgres");
        second.run("postgres", "pg_ctlcluster", "15", "by_program", "stop");
    }

    /** Only root may start a service, and the server is postgres' all the same. */
    @Test
    void aServiceIsStartedBySystemd() throws IOException {
        passwordFile();
        Map<String, String> parameters = debianCluster("by_service", 5436);
        parameters.put("standby_host", "ssh://root@" + second.address());
        parameters.put("start", "systemctl");

        isProven(parameters, "postgres", 5436);
        assertThat(second.run("root", "systemctl", "is-active", "postgresql@15-by_service"))
                .isEqualTo("active\n");
        second.run("root", "systemctl", "stop", "postgresql@15-by_service");
        assertThat(second.exec("root", "test", "-e", "/var/lib/postgresql/15/by_service/postmaster.pid")
                        .getExitCode())
                .isEqualTo(1);
    }

    private Map<String, String> debianCluster(String name, int port) {
        second.debianCluster(name, port);
        second.run("postgres", "mv", "/var/lib/postgresql/15/" + name, "/var/lib/postgresql/15/" + name + ".made");
        Map<String, String> parameters = parameters(name);
        parameters.put("primary", parameters.getOrDefault("primary", "").replace("user=builder", "user=postgres"));
        parameters.put("replication", "host=primary port=5433 user=postgres");
        parameters.put("via", "sql");
        return parameters;
    }

    private void grantWhatIsAsked(Map<String, String> parameters) throws IOException {
        Ended refused = understudy.runPlaybook("standby", parameters);
        assertThat(refused.status()).as(refused.said()).isEqualTo(3);
        Ended planned = understudy.run(
                Stream.concat(Understudy.command("plan", "standby", parameters).stream(), Stream.of("--format", "json"))
                        .toList());
        assertThat(planned.status()).as(planned.said()).isEqualTo(1);
        List<String> grants = new ArrayList<>();
        JsonNode plan = new ObjectMapper().readTree(planned.out());
        plan.get("checks").forEach(check -> check.path("grants").forEach(grant -> grants.add(grant.asText())));
        assertThat(grants).as(planned.said()).isNotEmpty();
        grants.forEach(primary::execute);
        assertThat(primary.query("SELECT rolsuper FROM pg_roles WHERE rolname = 'builder'"))
                .isEqualTo("f");
    }

    private void isProven(Map<String, String> parameters, String follower, int port) {
        String name = parameters.getOrDefault("slot", "");
        Ended ended = understudy.runPlaybook("standby", parameters);
        assertThat(ended.status()).as(ended.said()).isZero();
        ledger.requireRunning();
        // The process that built it has ended, and with it every connection of its own.
        assertThat(primary.query("SELECT usename FROM pg_stat_replication WHERE application_name = '" + name + "'"))
                .isEqualTo(follower);
        Lsn written = Lsn.parse(primary.query("SELECT pg_current_wal_lsn()"));
        Awaitility.await("streaming up to " + written)
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        Lsn.parse(psql(port, "SELECT pg_last_wal_replay_lsn()")).compareTo(written) >= 0);
        assertThat(psql(port, "SELECT sum(balance) FROM account")).isEqualTo("400000");
        assertThat(psql(port, "SELECT count(*) FROM old_document")).isEqualTo("4000");
        assertThat(psql(port, "SELECT pg_is_in_recovery()")).isEqualTo("t");
        assertThat(second.run("postgres", "stat", "-c", "%a", "/var/lib/postgresql/15/" + name))
                .isEqualTo("700\n");
        second.run("postgres", "test", "-d", TABLESPACE + " of " + name);
    }

    /** The standby's own rules may admit nobody from outside, so it is asked on its machine. */
    private static String psql(int port, String sql) {
        return second.run(
                        "postgres",
                        "psql",
                        "-X",
                        "-A",
                        "-t",
                        "-h",
                        "/var/run/postgresql",
                        "-p",
                        Integer.toString(port),
                        "-c",
                        sql)
                .strip();
    }
}
