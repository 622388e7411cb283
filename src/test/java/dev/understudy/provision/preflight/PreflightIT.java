package dev.understudy.provision.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.error.Category;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.preflight.check.CheckState;
import dev.understudy.provision.preflight.check.PreflightResult;
import dev.understudy.provision.preflight.request.Intent;
import dev.understudy.provision.preflight.request.PreflightRequest;
import dev.understudy.provision.preflight.request.Target;
import dev.understudy.provision.route.Route;
import dev.understudy.server.Session;
import dev.understudy.server.backup.BackupSession;
import dev.understudy.server.backup.CheckpointMode;
import dev.understudy.server.files.FileRange;
import dev.understudy.server.files.SqlFiles;
import dev.understudy.server.replication.ReplicationSession;
import dev.understudy.server.slots.Slots;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedBinaries;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Oracles;
import dev.understudy.testing.SshServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The preflight against real servers. */
final class PreflightIT {
    private static final List<String> WARNED_OF_HERE = List.of("fsync");

    private static Host target() {
        Host here = Hosts.local();
        return here.as(here.findAccount(Account.ofServers()).orElseThrow());
    }

    static PreflightRequest request(EmbeddedPostgres primary) {
        Target target = Target.of(primary.scratch("copies") + "/standby")
                .withBinDirectory(primary.binDirectory().toString())
                .withPort(EmbeddedPostgres.freePort())
                .withSocketDirectory(primary.scratch("t").toString());
        Conninfo conninfo = Conninfo.parse(primary.conninfo());
        return PreflightRequest.of(conninfo, target(), conninfo, Intent.of(target, "understudy"));
    }

    private static String describe(PreflightReport report) {
        return report.results().stream()
                .map(result -> result.state().printed() + " " + result.describe())
                .collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.6", "12", "15", "18"})
    void aHealthyPairPasses(String major) {
        try (EmbeddedPostgres primary =
                EmbeddedPostgres.of(ServerMajor.parse(major)).withChecksums().start()) {
            PreflightReport report = Preflight.run(request(primary));

            assertThat(report.failures()).as(describe(report)).isEmpty();
            assertThat(report.warnings())
                    .as(describe(report))
                    .extracting(PreflightResult::id)
                    .containsExactlyElementsOf(WARNED_OF_HERE);
            assertThat(report.in(CheckState.SKIPPED))
                    .as(describe(report))
                    .extracting(PreflightResult::id)
                    .containsExactly(
                            "clone-guard",
                            "cluster-configuration",
                            "existing-standby",
                            "restore-command",
                            "volumes",
                            "wal-directory",
                            "wal-keep");
            assertThat(report.route().route()).isEqualTo(Route.LOCAL);
            assertThat(report.orThrow()).isSameAs(report);
        }
    }

    /** Up to 10 the functions that read files are for superusers alone, whatever is granted. */
    @ParameterizedTest
    @ValueSource(strings = {"12", "15", "18"})
    void theGrantsItPrintsAreEnough(String major) {
        try (EmbeddedPostgres primary =
                EmbeddedPostgres.of(ServerMajor.parse(major)).start()) {
            primary.execute("CREATE ROLE \"Builder\" LOGIN");
            PreflightRequest request = request(primary);
            Conninfo builder = Conninfo.parse(primary.conninfo()).with("user", "Builder");
            PreflightRequest asBuilder = PreflightRequest.of(
                    builder, request.target(), builder, request.intent().withRoute(Route.SQL));

            PreflightReport before = Preflight.run(asBuilder);
            assertThat(before.failures())
                    .as(describe(before))
                    .extracting(PreflightResult::id)
                    .containsExactly("privileges", "replication-login");
            assertThat(before.grants())
                    .allMatch(grant -> grant.contains("TO \"Builder\";") || grant.startsWith("ALTER ROLE \"Builder\""));
            primary.execute(before.grants().toArray(String[]::new));
            PreflightReport after = Preflight.run(asBuilder);

            assertThat(after.failures()).as(describe(after)).isEmpty();
            assertThat(after.find("privileges").orElseThrow().summary())
                    .isEqualTo("role \"Builder\" has every privilege that the route \"sql\" needs");
            assertThat(after.find("disk-space").orElseThrow().state()).isEqualTo(CheckState.PASS);
            worksAs(builder, primary);
        }
    }

    /** Does what the later steps do, with nothing but those grants. */
    private static void worksAs(Conninfo conninfo, EmbeddedPostgres primary) {
        try (Session session = Session.open(conninfo);
                Session reader = Session.open(conninfo);
                ReplicationSession replication = ReplicationSession.open(conninfo)) {
            new Slots(session).createPhysical("granted");
            BackupSession backup = BackupSession.open(conninfo);
            backup.start("granted", CheckpointMode.FAST, Duration.ofMinutes(1));
            SqlFiles files = new SqlFiles(reader, Duration.ofMinutes(1));
            assertThat(files.list(".", List.of()).requireUsable()).hasSizeGreaterThan(500);
            assertThat(files.read(new FileRange("global/pg_control", 0, 8192))).isPresent();
            backup.stop(false, Duration.ofMinutes(1));
            backup.close();
            new Slots(session).drop("granted");
            assertThat(replication.identifySystem().systemIdentifier().toString())
                    .isEqualTo(primary.query("SELECT system_identifier FROM pg_control_system()"));
        }
    }

    private static void failsOnly(PreflightRequest request, String id, String summary) {
        PreflightReport report = Preflight.run(request);
        assertThat(report.failures())
                .as(describe(report))
                .extracting(PreflightResult::id)
                .containsExactly(id);
        assertThat(report.failures().get(0).summary()).startsWith(summary);
    }

    private static PreflightRequest onto(PreflightRequest request, UnaryOperator<Target> change) {
        return request.withIntent(
                request.intent().withTarget(change.apply(request.intent().target())));
    }

    @Test
    void everyBrokenTargetGivesExactlyItsFailure() throws Exception {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V15).start();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PreflightRequest request = request(primary);
            Path full = primary.scratch("full");
            Files.writeString(full.resolve("precious"), "x");
            Account.give(full);

            failsOnly(
                    onto(request, target -> target.withPort(taken.getLocalPort())),
                    "port-free",
                    "port %d is in use on host local".formatted(taken.getLocalPort()));
            failsOnly(
                    onto(
                            request,
                            target -> Target.of(full.toString())
                                    .withBinDirectory(target.binDirectory().get())),
                    "target-directory",
                    "\"%s\" cannot be the new data directory: it is not empty, with \"precious\"".formatted(full));
            failsOnly(
                    onto(
                            request,
                            target -> Target.of(primary.dataDirectory() + "/inside")
                                    .withBinDirectory(target.binDirectory().get())),
                    "paths-apart",
                    "\"%s/inside\" lies inside of the primary's data directory".formatted(primary.dataDirectory()));
            Path link = primary.scratch("links").resolve("link");
            Files.createSymbolicLink(link, primary.dataDirectory());
            failsOnly(
                    onto(
                            request,
                            target -> Target.of(link + "/inside")
                                    .withBinDirectory(target.binDirectory().get())),
                    "paths-apart",
                    "\"%s/inside\" lies inside of the primary's data directory \"%s\""
                            .formatted(link, primary.dataDirectory()));
            failsOnly(
                    onto(
                            request,
                            target -> target.withBinDirectory(EmbeddedBinaries.installation(ServerMajor.V16) + "/bin")),
                    "server-programs",
                    "the programs in");
            failsOnly(
                    onto(request, target -> target.withBinDirectory("/nowhere")),
                    "server-programs",
                    "no server programs of PostgreSQL 15 on the standby's machine: \"/nowhere/postgres\" cannot be run");
            failsOnly(
                    onto(request, target -> target.withSocketDirectory("/" + "s".repeat(100))),
                    "socket-directory",
                    "the socket \"/sss");
            failsOnly(onto(request, Target::ontoExisting), "existing-standby", "there is no database cluster in");
            failsOnly(
                    request.withIntent(request.intent().withSlot(Optional.of("Not-A-Name"))),
                    "slot-name",
                    "\"Not-A-Name\" cannot be the name of a replication slot");
            failsOnly(
                    request.withIntent(request.intent().withWalArchive("true")),
                    "archive-health",
                    "the standby is to take its WAL from an archive, and archive_mode is off on the primary");
        }
    }

    @Test
    void everyBrokenPrimaryGivesExactlyItsFailure() {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V15)
                .withSetting("max_replication_slots", "1")
                .start()) {
            PreflightRequest request = request(primary);
            primary.execute("SELECT pg_create_physical_replication_slot('other')");
            failsOnly(request, "replication-slots", "all 1 replication slots of the primary are in use");
            failsOnly(
                    request.withIntent(request.intent().withSlot(Optional.of("other"))),
                    "slot-name",
                    "the slot \"other\" exists already and may be another standby's");
            primary.execute("SELECT pg_drop_replication_slot('other')");

            Path tablespace = primary.scratch("tablespace");
            primary.execute("CREATE TABLESPACE extra LOCATION '" + tablespace + "'");
            failsOnly(
                    request,
                    "tablespace-targets",
                    "tablespace \"extra\" at \"%s\" is not mapped, and the standby is on the primary's own machine"
                            .formatted(tablespace));
            assertThat(Preflight.run(onto(
                                    request,
                                    target -> target.withTablespaces(Map.of(
                                            tablespace.toString(),
                                            primary.scratch("new").toString()))))
                            .failures())
                    .isEmpty();
            primary.execute("DROP TABLESPACE extra");

            primary.admit("host all all 127.0.0.1/32 trust");
            primary.reload();
            Awaitility.await().until(() -> "1".equals(primary.query("SELECT count(*) FROM pg_hba_file_rules")));
            failsOnly(request, "replication-login", "the primary does not let role \"postgres\" in to replicate");
        }
    }

    @Test
    void aPrimaryWithMinimalWalIsRefusedWithAllItsFailures() {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V15)
                .withSetting("wal_level", "minimal")
                .withSetting("max_wal_senders", "0")
                .start()) {
            PreflightReport report = Preflight.run(request(primary));
            assertThat(report.failures())
                    .as(describe(report))
                    .extracting(PreflightResult::id)
                    .containsExactly("replication-login", "wal-level", "wal-senders");
            assertThatThrownBy(report::orThrow).isInstanceOfSatisfying(UnderstudyException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.PREFLIGHT_FAILED);
                assertThat(e.code().category()).isEqualTo(Category.REFUSED);
                assertThat(e.detail()).contains("wal-level: wal_level is minimal on the primary");
                assertThat(e.hints())
                        .contains("wal-level: On the primary run: ALTER SYSTEM SET wal_level = replica; then"
                                + " restart it.");
            });
        }
    }

    @Test
    void anExclusiveBackupLeftOpenIsFound() {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V14).start()) {
            primary.execute("SELECT pg_start_backup('left', true)");
            failsOnly(
                    request(primary), "exclusive-backup", "an exclusive backup has been open on the primary since 20");
        }
    }

    @Test
    void aLibraryThatTheStandbyLacksIsFound() throws Exception {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V15).start()) {
            primary.execute("CREATE EXTENSION pageinspect");
            Path copy = primary.scratch("installation");
            Account.run(List.of("cp", "-r", primary.binDirectory().getParent() + "/.", copy.toString()), Map.of());
            Account.give(copy);
            Files.delete(copy.resolve("lib/postgresql/pageinspect.so"));

            failsOnly(
                    onto(request(primary), target -> target.withBinDirectory(copy + "/bin")),
                    "libraries",
                    "the standby's installation lacks pageinspect, which extensions of the primary's databases need");
        }
    }

    @Test
    void aStoppedStandbyOfTheSameClusterCanBeWorkedOn() throws Exception {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V15).start();
                EmbeddedPostgres other = EmbeddedPostgres.of(ServerMajor.V15).initialize()) {
            PreflightRequest request = request(primary);
            Path copy = primary.scratch("stopped");
            primary.stop();
            Account.run(List.of("cp", "-r", primary.dataDirectory() + "/.", copy.toString()), Map.of());
            Files.createFile(copy.resolve("standby.signal"));
            Account.give(copy);
            primary.start();

            PreflightReport report = Preflight.run(onto(
                    request,
                    target -> Target.of(copy.toString())
                            .withBinDirectory(target.binDirectory().get())
                            .ontoExisting()));
            assertThat(report.failures()).as(describe(report)).isEmpty();
            assertThat(report.find("existing-standby").orElseThrow().summary())
                    .isEqualTo("\"%s\" holds a stopped standby of the same cluster".formatted(copy));

            failsOnly(
                    onto(
                            request,
                            target -> Target.of(other.dataDirectory().toString())
                                    .withBinDirectory(target.binDirectory().get())
                                    .ontoExisting()),
                    "existing-standby",
                    "\"%s\" belongs to another cluster than the primary".formatted(other.dataDirectory()));
            other.start();
            failsOnly(
                    onto(
                            request,
                            target -> Target.of(other.dataDirectory().toString())
                                    .withBinDirectory(target.binDirectory().get())
                                    .ontoExisting()),
                    "existing-standby",
                    "a server is running on \"%s\" (pid %d)".formatted(other.dataDirectory(), other.pid()));
        }
    }

    @Test
    void aPasswordThatNobodyKnowsIsFound() {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V15).start()) {
            primary.execute("CREATE ROLE follower LOGIN REPLICATION PASSWORD 'open sesame'");
            primary.admit("host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 scram-sha-256");
            primary.reload();
            Awaitility.await().until(() -> "2".equals(primary.query("SELECT count(*) FROM pg_hba_file_rules")));
            PreflightRequest request = request(primary);
            Conninfo follower = Conninfo.parse(primary.conninfo()).with("user", "follower");

            PreflightReport report =
                    Preflight.run(PreflightRequest.of(request.primary(), request.target(), follower, request.intent()));
            assertThat(report.failures())
                    .as(describe(report))
                    .extracting(PreflightResult::id)
                    .containsExactly("replication-login", "replication-password");

            PreflightReport knowing = Preflight.run(PreflightRequest.of(
                    request.primary(), request.target(), follower.with("password", "open sesame"), request.intent()));
            assertThat(knowing.failures()).as(describe(knowing)).isEmpty();
            assertThat(describe(knowing)).doesNotContain("open sesame");
        }
    }

    @Test
    void aPrimaryThatDoesNotAnswerIsOneFailure() {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V15).initialize()) {
            PreflightReport report = Preflight.run(request(primary));
            assertThat(report.failures())
                    .as(describe(report))
                    .extracting(PreflightResult::id)
                    .containsExactly("primary-reachable");
        }
    }

    @Test
    void withAHostForThePrimarysFilesTheRouteIsSsh(@TempDir Path directory) {
        try (SshServer ssh = SshServer.start(directory);
                Host host = Hosts.open(ssh.address(), ssh.options());
                EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V15).start()) {
            PreflightRequest local = request(primary);
            Host account = host.as(host.findAccount(Account.ofServers()).orElseThrow());
            PreflightReport report =
                    Preflight.run(PreflightRequest.of(local.primary(), account, local.replication(), local.intent())
                            .withPrimaryHost(host));

            assertThat(report.failures()).as(describe(report)).isEmpty();
            assertThat(report.route().route()).isEqualTo(Route.SSH);
            assertThat(report.find("collation-versions").orElseThrow().summary())
                    .isEqualTo("primary and standby share one machine and its libraries");
        }
    }

    /** With client programs on the standby's machine its own account logs in, password and all. */
    @Test
    void thePasswordGoesToTheStandbysPsqlUnseen() {
        Path bin = Oracles.binDirectory();
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V15).start()) {
            primary.execute("CREATE ROLE follower LOGIN REPLICATION PASSWORD 'open sesame'");
            primary.admit("host all all 127.0.0.1/32 trust", "local replication all scram-sha-256");
            primary.reload();
            Awaitility.await().until(() -> "2".equals(primary.query("SELECT count(*) FROM pg_hba_file_rules")));
            PreflightRequest request = onto(request(primary), target -> target.withBinDirectory(bin.toString()));
            Conninfo follower = Conninfo.parse(primary.socketConninfo()).with("user", "follower");

            PreflightReport knowing = Preflight.run(PreflightRequest.of(
                    request.primary(), request.target(), follower.with("password", "open sesame"), request.intent()));
            assertThat(knowing.failures()).as(describe(knowing)).isEmpty();
            assertThat(knowing.find("replication-login").orElseThrow().summary())
                    .isEqualTo(
                            "role \"follower\" logged in for replication from the standby's machine (the Unix socket)");
            assertThat(describe(knowing)).doesNotContain("open sesame");

            PreflightReport ignorant =
                    Preflight.run(PreflightRequest.of(request.primary(), request.target(), follower, request.intent()));
            assertThat(ignorant.failures())
                    .as(describe(ignorant))
                    .extracting(PreflightResult::id)
                    .containsExactly("replication-login", "replication-password");
        }
    }

    @Test
    void aMisspeltCheckToSkipIsRefused() {
        try (EmbeddedPostgres primary = EmbeddedPostgres.of(ServerMajor.V15).initialize()) {
            PreflightRequest request = request(primary).skipping("no-such-check");
            assertThatThrownBy(() -> Preflight.run(request))
                    .isInstanceOfSatisfying(
                            UnderstudyException.class,
                            e -> assertThat(e.message())
                                    .isEqualTo("there is no preflight check \"no-such-check\" to skip"));
        }
    }
}
