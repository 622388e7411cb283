package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.host.ssh.SshOptions;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.LeftBehind;
import dev.understudy.testing.Required;
import dev.understudy.testing.SshServer;
import dev.understudy.testing.Understudy;
import dev.understudy.testing.Understudy.Ended;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two real processes that want one target: of two accounts, and of two machines. The other machine is a process with a
 * name, a machine-id, a list of processes and a state of its own, that reaches the target over SSH.
 */
final class TargetHeldIT {
    private static final ServerMajor MAJOR = ServerMajor.V15;
    private static final Pattern REFUSED = Pattern.compile("process ([0-9]+) is working on target");

    @TempDir
    private Path directory;

    private final List<Understudy.Running> started = new ArrayList<>();
    private EmbeddedPostgres primary;
    private Path target;

    @BeforeEach
    void start() {
        Required.part("root", Account.isRoot(), "only root has a second account and a second machine");
        primary = EmbeddedPostgres.of(MAJOR).start();
        target = primary.scratch("work").resolve("standby");
    }

    @AfterEach
    void stop() {
        started.stream().filter(Understudy.Running::isAlive).forEach(Understudy.Running::killGroup);
        if (primary != null) {
            primary.close();
        }
    }

    private Understudy understudy(String name) throws IOException {
        return new Understudy(Files.createDirectory(directory.resolve(name)));
    }

    /** Of the account that has no rights but to its own. */
    private Understudy ofTheOtherAccount(String name) throws IOException {
        Path home = Files.createDirectory(primary.scratch("home").resolve(name));
        Account.give(home);
        return new Understudy(home).wrappedIn(Account.asServer(List.of()));
    }

    private Understudy ofAnotherMachine(SshServer sshd) throws IOException {
        Path id = Files.writeString(directory.resolve("machine-id"), "0123456789abcdef0123456789abcdef\n");
        String script = "mount --bind '%s' /etc/machine-id && hostname laptop && exec \"$@\"".formatted(id);
        return understudy("laptop")
                .with(SshOptions.CONFIG_VARIABLE, sshd.config().toString())
                .wrappedIn(List.of(
                        "unshare",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount",
                        "--mount-proc",
                        "--uts",
                        "sh",
                        "-c",
                        script,
                        "sh"));
    }

    private Map<String, String> parameters(String... more) {
        Map<String, String> parameters = new LinkedHashMap<>(Map.of(
                "primary", primary.conninfo(),
                "data_directory", target.toString(),
                "bin_directory", primary.binDirectory().toString(),
                "socket_directory", primary.socketDirectory().toString(),
                "rate_limit", "200kB"));
        for (int i = 0; i < more.length; i += 2) {
            parameters.put(more[i], more[i + 1]);
        }
        return parameters;
    }

    /** Starts a run, and waits until it copies, which takes longer than a test does. */
    private Understudy.Running holding(Understudy understudy, Map<String, String> parameters) {
        Understudy.Running run = understudy.start(Understudy.command("run", "standby", parameters));
        started.add(run);
        Awaitility.await("the run's copy")
                .atMost(120, TimeUnit.SECONDS)
                .until(() -> !run.isAlive() || copies(understudy.state()));
        assertThat(run.isAlive()).as(run.said()).isTrue();
        return run;
    }

    private static boolean copies(Path state) {
        try (Stream<Path> files = Files.walk(state)) {
            List<Path> journals =
                    files.filter(file -> file.endsWith("journal.jsonl")).toList();
            return !journals.isEmpty()
                    && Files.readAllLines(journals.get(0)).stream()
                            .anyMatch(line -> line.contains("step-applying") && line.contains("copy-data-directory"));
        } catch (IOException | UncheckedIOException e) {
            return false; // Not yet.
        }
    }

    private static Ended refused(Understudy understudy, Map<String, String> parameters, String... words) {
        Ended refused = understudy.runPlaybook("standby", parameters);
        assertThat(refused.status()).as(refused.said()).isEqualTo(3);
        assertThat(refused.said()).contains(words);
        return refused;
    }

    private static long pidIn(Ended refused) {
        Matcher matcher = REFUSED.matcher(refused.said());
        assertThat(matcher.find()).as(refused.said()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    /** What it is refused for then is its own wrong parameter: nobody is in its way. */
    private void isFreeFor(Understudy understudy) {
        Ended ended = refused(understudy, parameters("slot", "second", "bin_directory", "/nowhere"), "server programs");
        assertThat(ended.said()).doesNotContain("is working on target");
    }

    @Test
    void anotherAccountsRunIsRefusedByPidAndOnceItIsDeadIsNotInTheWay() throws IOException {
        Understudy other = ofTheOtherAccount("other");
        Understudy own = understudy("own");
        Understudy.Running holder = holding(other, parameters());

        Ended refused =
                refused(own, parameters("slot", "second"), "of user \"" + Account.ofServers() + "\" on machine");
        assertThat(ProcessHandle.of(pidIn(refused))).isPresent();

        holder.killGroup();
        isFreeFor(own);
        isCleared(other);
    }

    /** In a directory with the sticky bit nobody can remove root's; it is not in the way all the same. */
    @Test
    void aDeadRunOfRootsIsNotInTheWayOfAnotherAccounts() throws IOException {
        Understudy own = understudy("own");
        Understudy other = ofTheOtherAccount("other");
        Understudy.Running holder = holding(own, parameters());

        Ended refused = refused(other, parameters("slot", "second"), "of user \"root\" on machine");
        assertThat(ProcessHandle.of(pidIn(refused))).isPresent();

        holder.killGroup();
        isFreeFor(other);
        isCleared(own);
    }

    @Test
    void anotherMachinesRunIsRefusedByPidAndMachineHereAndOverSsh() throws IOException {
        try (SshServer sshd = SshServer.start(directory.resolve("sshd"))) {
            Understudy laptop = ofAnotherMachine(sshd);
            Understudy own = understudy("own")
                    .with(SshOptions.CONFIG_VARIABLE, sshd.config().toString());
            // The other machine takes the standby's for a third one, whose server is to reach the primary by its
            // address.
            primary.admit("local all all trust", "host all all all trust", "host replication all all trust");
            primary.reload();
            Map<String, String> remote = parameters(
                    "standby_host",
                    sshd.address(),
                    "via",
                    "sql",
                    "account",
                    Account.ofServers(),
                    "port",
                    Integer.toString(EmbeddedPostgres.freePort()));
            Understudy.Running holder = holding(laptop, remote);

            String who = "on machine \"laptop\"";
            assertThat(pidIn(refused(own, remote, who))).isLessThan(100);
            refused(own, parameters("slot", "second"), who, "From here it cannot be seen.");

            holder.killGroup();
            // That it is dead cannot be seen from another machine; its own may go on, or clear it away.
            refused(own, remote, who, "resume or abort its run there, or remove \"/tmp/.understudy-");
            isCleared(laptop);
            isFreeFor(own);
        }
    }

    private void isCleared(Understudy understudy) {
        Ended aborted = understudy.run("abort", "standby");
        assertThat(aborted.status()).as(aborted.said()).isZero();
        assertThat(target).doesNotExist();
        LeftBehind.nothingOn(primary);
    }
}
