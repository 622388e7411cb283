package dev.understudy.provision.preflight.gather;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.host.open.Hosts;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.preflight.facts.MachineFacts;
import dev.understudy.provision.preflight.facts.PathFacts;
import dev.understudy.provision.preflight.request.Intent;
import dev.understudy.provision.preflight.request.Target;
import dev.understudy.provision.route.Route;
import dev.understudy.server.facts.HbaRule;
import dev.understudy.server.hba.HbaLogin;
import dev.understudy.server.hba.HbaRules;
import dev.understudy.server.privileges.Operation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is gathered from this machine, and the pure parts of gathering. */
final class GatherTest {
    private final Looks looks = new Looks(Hosts.local(), Duration.ofSeconds(20));

    private static HbaRule rule(int line, String type, String databases, String users, String address, String method) {
        int slash = address.indexOf('/');
        return new HbaRule(
                line,
                type,
                List.of(databases.split(",")),
                List.of(users.split(",")),
                Optional.of(slash < 0 ? address : address.substring(0, slash)),
                slash < 0 ? Optional.empty() : Optional.of(address.substring(slash + 1)),
                method,
                Optional.empty());
    }

    private static HbaLogin login(String user, String address) {
        return HbaLogin.replication(user, Set.of(user), address);
    }

    @Test
    void theFirstLineThatFitsDecides() {
        HbaRules rules = new HbaRules(List.of(
                rule(1, "local", "replication", "all", "", "peer"),
                rule(2, "host", "all", "all", "0.0.0.0/0.0.0.0", "trust"),
                rule(3, "host", "replication", "rep", "10.0.0.8/255.255.255.255", "reject"),
                rule(4, "hostssl", "app,replication", "rep", "10.0.0.0/255.255.255.0", "scram-sha-256"),
                rule(5, "host", "replication", "/^st", "fd00::/ffff:ffff:ffff:ffff::", "trust"),
                rule(6, "host", "replication", "other", "all", "md5")));

        assertThat(rules.deciding(login("rep", "10.0.0.9")).map(HbaRule::line)).contains(4);
        assertThat(rules.deciding(login("rep", "10.0.0.8")).map(HbaRules::admits))
                .contains(false);
        assertThat(rules.deciding(login("rep", "10.0.1.9"))).isEmpty();
        assertThat(rules.deciding(login("standby", "fd00::9")).map(HbaRule::line))
                .contains(5);
        assertThat(rules.deciding(login("standby", "fd01::9"))).isEmpty();
        assertThat(rules.deciding(login("other", "192.0.2.1")).map(HbaRule::line))
                .contains(6);
    }

    @Test
    void aRestoreCommandIsExpandedAsTheServerDoes() {
        assertThat(ArchiveGatherer.expanded("get %f to '%p' 100%% %x %r", "F"))
                .isEqualTo("get F to 'restored' 100% %x 000000010000000000000001");
        assertThat(ArchiveGatherer.expanded("%", "F")).isEqualTo("%");
    }

    @Test
    void addressesArePrintedAsPostgresqlPrintsThem() {
        assertThat(MachineGatherer.printed("00000000000000000000000000000001")).isEqualTo("::1");
        assertThat(MachineGatherer.printed("fe80000000000000021122fffe334455")).isEqualTo("fe80::211:22ff:fe33:4455");
        assertThat(MachineGatherer.printed("20010db8000000010000000000000001")).isEqualTo("2001:db8:0:1::1");
        assertThat(MachineGatherer.printed("00010002000300040005000600070008")).isEqualTo("1:2:3:4:5:6:7:8");
    }

    @Test
    void thisMachineTellsWhatItIs() throws IOException {
        MachineFacts machine = new MachineGatherer(looks).machine();
        assertThat(machine.identity().isKnown()).isTrue();
        assertThat(machine.clockOffset().orElse(Duration.ofDays(1)).abs()).isLessThan(Duration.ofSeconds(2));
        assertThat(new MachineGatherer(looks).addresses().value().orElseThrow()).contains("127.0.0.1");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(new MachineGatherer(looks).listeningPorts().value().orElseThrow())
                    .contains(socket.getLocalPort());
        }
    }

    @Test
    void linksOnTheWayAreResolvedForWhatIsNotThereYet(@TempDir Path directory) throws IOException {
        Path real = Files.createDirectory(directory.resolve("real"));
        Files.createSymbolicLink(directory.resolve("link"), real);
        Path wanted = directory.resolve("link/a b/data");

        PathFacts facts =
                new PathGatherer(looks).look(wanted.toString()).value().orElseThrow();

        assertThat(facts.isAbsent()).isTrue();
        assertThat(facts.realPath()).isEqualTo(real.toRealPath() + "/a b/data");
        assertThat(facts.isWithin(real.toRealPath().toString())).isTrue();
        assertThat(facts.parentIssue()).isEmpty();
        assertThat(facts.space()).isPresent();
    }

    @Test
    void aLinkThatLeadsNowhereStandsInTheWay(@TempDir Path directory) throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("gone"));
        PathFacts facts = new PathGatherer(looks).look(link.toString()).value().orElseThrow();
        assertThat(facts.kind()).isEqualTo(PathFacts.Kind.OTHER);
        assertThat(new PathGatherer(looks).look("relative").reason()).isEqualTo("\"relative\" is not an absolute path");
    }

    @Test
    void eachRouteAsksForItsOwnPrivileges() {
        Intent intent = Intent.of(Target.of("/data"), "slot");
        assertThat(PrivilegeGatherer.operations(ServerMajor.V15, intent, Route.SQL))
                .containsOnlyKeys(
                        Operation.INSPECT,
                        Operation.BACKUP,
                        Operation.SQL_COPY,
                        Operation.SLOT,
                        Operation.LIST_WAL,
                        Operation.CANARY);
        assertThat(PrivilegeGatherer.operations(ServerMajor.V9_6, intent, Route.LOCAL))
                .doesNotContainKey(Operation.LIST_WAL);
        assertThat(PrivilegeGatherer.operations(ServerMajor.V15, intent, Route.BASEBACKUP))
                .containsOnlyKeys(Operation.STREAM_WAL, Operation.SLOT, Operation.CANARY);
    }
}
