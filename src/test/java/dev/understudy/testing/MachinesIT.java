package dev.understudy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.Session;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Proves the fixture, with nothing of the product. */
@TestMethodOrder(MethodOrderer.MethodName.class)
final class MachinesIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static Machines machines;
    private static Machine primary;
    private static Machine standby;

    @BeforeAll
    static void startTwo() {
        machines = Machines.start("primary", "standby");
        primary = machines.get("primary");
        standby = machines.get("standby");
    }

    @AfterAll
    static void remove() {
        if (machines != null) {
            machines.close();
        }
    }

    @Test
    void sshReachesBothAccountsOfBothMachinesByTheirRealKeys() throws Exception {
        for (Machine machine : new Machine[] {primary, standby}) {
            for (String account : new String[] {"root", "postgres"}) {
                assertThat(overSsh(machine, account, "echo $(id -un)@$(hostname)"))
                        .isEqualTo(account + "@" + machine.name());
            }
        }
        assertThat(Files.readAllLines(machines.knownHosts())).hasSize(6);
        assertThat(primary.sshdLog()).contains("Accepted publickey for postgres");
    }

    @Test
    void aStandbyMadeByHandFollowsThroughCutPauseAndPowerOff(@TempDir Path directory) throws Exception {
        MachineCluster source =
                primary.debianCluster("main", 5433, "--data-checksums").start();
        assertThat(source.query("show config_file")).isEqualTo("/etc/postgresql/15/main/postgresql.conf");
        source.execute("create table t (a int)", "insert into t values (1)");

        String target = "/var/lib/postgresql/copy";
        standby.run(
                "postgres",
                "pg_basebackup",
                "-d",
                source.conninfo().replace(primary.address(), "primary"),
                "-D",
                target,
                "-R",
                "-C",
                "-S",
                "standby",
                "-c",
                "fast");
        MachineCluster copy = standby.existingCluster(target, 5432);
        standby.shell(
                "postgres",
                "printf '%s\\n' \"port = 5432\" \"listen_addresses = '*'\" >\"$1\"",
                target + "/postgresql.conf");
        standby.shell("postgres", "echo 'host all all all trust' >\"$1\"", target + "/pg_hba.conf");
        copy.start();
        follows(source, copy, 1);

        standby.cut();
        source.execute("insert into t values (2)");
        assertThat(primary.run("postgres", "getent", "hosts", "standby")).startsWith(standby.address());
        assertThatThrownBy(copy::connect).isInstanceOf(SQLException.class);
        standby.heal();
        follows(source, copy, 2);

        standby.pause();
        source.execute("insert into t values (3)");
        standby.unpause();
        follows(source, copy, 3);

        standby.powerOff();
        source.execute("insert into t values (4)");
        standby.start();
        copy.start();
        follows(source, copy, 4);
        assertThat(copy.log()).contains("database system was interrupted while in recovery");

        source.stop();
        assertThat(source.log()).contains("database system is shut down");
        standby.fetch(target + "/PG_VERSION", directory.resolve("version"));
        assertThat(directory.resolve("version")).hasContent("15");
    }

    @Test
    void aPlainClusterKeepsItsConfigurationInItsDataDirectory() {
        MachineCluster plain =
                standby.plainCluster("/var/lib/postgresql/a plain one", 5434).start();
        assertThat(plain.query("show hba_file")).isEqualTo("/var/lib/postgresql/a plain one/pg_hba.conf");
        plain.stop();
    }

    @Test
    void filesBelongToWhomTheyWereWrittenFor() {
        primary.write("postgres", "/tmp/it's", "text\n");
        assertThat(primary.run("postgres", "stat", "-c", "%U %s", "/tmp/it's")).isEqualTo("postgres 5\n");
        assertThat(primary.exec("root", "false").getExitCode()).isEqualTo(1);
    }

    private static void follows(MachineCluster source, MachineCluster copy, int rows) {
        await().atMost(LIMIT)
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(copy.query("select count(*) from t")).isEqualTo(Integer.toString(rows)));
        assertThat(source.query("select count(*) from t")).isEqualTo(Integer.toString(rows));
    }

    private static String overSsh(Machine machine, String account, String command) throws Exception {
        Session session = machine.session(account);
        try {
            ChannelExec channel = (ChannelExec) session.openChannel("exec");
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            channel.setCommand(command);
            channel.setOutputStream(out);
            channel.connect((int) TimeUnit.SECONDS.toMillis(10));
            await().atMost(LIMIT).until(channel::isClosed);
            assertThat(channel.getExitStatus()).isZero();
            return out.toString(StandardCharsets.UTF_8).strip();
        } finally {
            session.disconnect();
        }
    }
}
