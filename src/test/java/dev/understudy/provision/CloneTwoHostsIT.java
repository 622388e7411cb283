package dev.understudy.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.journal.RunState;
import dev.understudy.host.ssh.SshOptions;
import dev.understudy.provision.guard.CloneGuard;
import dev.understudy.testing.Ledger;
import dev.understudy.testing.Machine;
import dev.understudy.testing.MachineCluster;
import dev.understudy.testing.Machines;
import dev.understudy.testing.RunFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The data volume is cloned on one machine and handed to another, the guard's record beside the data directory with it.
 * The guard, asked before every start, keeps the server down until the clone is sealed, and lets it up from then on.
 */
final class CloneTwoHostsIT {
    private static final String DATA = "/var/lib/postgresql/15/main";
    private static final String GUARD = CloneGuard.PROGRAM + " check -D " + DATA;

    @TempDir
    private Path home;

    private static void become(Machine machine, String machineId) {
        machine.shell("root", "printf '%s\\n' \"$1\" >/etc/machine-id", machineId.repeat(32));
    }

    private Path sshConfig(Machines machines) throws IOException {
        return Files.writeString(
                home.resolve("ssh_config"),
                "Host *\n    IdentityFile " + machines.privateKey() + "\n    UserKnownHostsFile "
                        + machines.knownHosts() + "\n    User root\n");
    }

    @Test
    void theGuardKeepsTheCloneDownUntilItIsSealed() throws IOException {
        try (Machines machines = Machines.start("primary", "standby")) {
            Machine first = machines.get("primary");
            Machine second = machines.get("standby");
            become(first, "1");
            become(second, "2");
            MachineCluster primary = first.debianCluster("main", 5433);
            primary.admit(
                    "host all all " + machines.subnet() + " trust",
                    "host replication all " + machines.subnet() + " trust");
            CloneGuard guard = new CloneGuard(DATA, "postgresql@15-main.service", CloneGuard.PROGRAM);
            first.shell("root", guard.installer());
            assertThat(first.exec("root", "sh", "-c", GUARD).getExitCode()).isZero();
            primary.start();
            MachineCluster standby = second.debianCluster("main", 5433);
            standby.admit("host all all 127.0.0.1/32 trust");
            second.shell("root", "rm -rf " + DATA);
            second.write("root", CloneGuard.PROGRAM, CloneGuard.script());
            second.run("root", "chmod", "755", CloneGuard.PROGRAM);
            try (Ledger ledger = Ledger.create(primary.jdbcUrl(), "").start()) {
                handOver(machines, primary);
                ledger.requireRunning();
            }
            assertThat(second.run("root", CloneGuard.PROGRAM, "show", "-D", DATA))
                    .contains("machine_id " + "2".repeat(32))
                    .doesNotContain("1".repeat(32));
            assertThat(second.exec("root", "sh", "-c", GUARD).getExitCode()).isZero();
            assertThat(first.exec("root", "sh", "-c", GUARD).getExitCode()).isZero();
        }
    }

    private void handOver(Machines machines, MachineCluster primary) throws IOException {
        Path config = sshConfig(machines);
        String there = "ssh -F " + config + " " + primary.machine().address() + " ";
        String here = "ssh -F " + config + " " + machines.get("standby").address() + " ";
        Map<String, String> parameters = new LinkedHashMap<>(Map.of(
                "primary",
                primary.conninfo(),
                "primary_host",
                "ssh://root@" + primary.machine().address(),
                "standby_host",
                "ssh://root@" + machines.get("standby").address(),
                "data_directory",
                DATA,
                "account",
                "postgres",
                "volumes",
                "/var/lib/postgresql",
                "start",
                GUARD + " && pg_ctlcluster 15 main start"));
        // Files vanish under cp, which says so by its status.
        parameters.put(
                "snapshot",
                there + "'mkdir /volume && { cp -a " + DATA + " " + DATA + CloneGuard.RECORD_SUFFIX
                        + " /volume/ || test -e /volume/main/global/pg_control; }' >&2");
        parameters.put(
                "attach",
                "set -e; " + there + "tar -C /volume -c . | " + here + "tar -C /var/lib/postgresql/15 -x; if " + here
                        + "'" + GUARD + "' >&2; then echo 'the guard let it start unsealed' >&2; exit 1; fi;"
                        + " echo '{\"message\": \"the guard refuses\"}'");
        parameters.put("cleanup", "true");
        RunFixture fixture =
                new RunFixture(home.resolve("state"), new SshOptions(home, List.of(config), Optional.empty()));
        RunState run = fixture.prove("clone", parameters);
        assertThat(fixture.said())
                .contains("said: the guard refuses")
                .contains("a clone that nobody has made a standby");
        assertThat(run.warnings().toString()).doesNotContain("has no clone guard");
    }
}
