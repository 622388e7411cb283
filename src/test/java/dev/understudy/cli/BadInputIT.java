package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.plan.Playbooks;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedBinaries;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.Required;
import dev.understudy.testing.SmallFileSystem;
import dev.understudy.testing.SshServer;
import dev.understudy.testing.TreeDigest;
import dev.understudy.testing.Understudy;
import dev.understudy.testing.Understudy.Ended;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is wrong from outside, through the command line: one clear error, the exit code of its kind, and afterwards a
 * primary and a target as they were.
 */
final class BadInputIT {
    private static final ServerMajor MAJOR = ServerMajor.V15;

    private static EmbeddedPostgres primary;

    @TempDir
    private Path home;

    private Understudy understudy;
    private Path work;
    private Path target;

    @BeforeAll
    static void startPrimary() {
        primary = EmbeddedPostgres.of(MAJOR).withChecksums().start();
        primary.execute(
                "CREATE ROLE clerk SUPERUSER REPLICATION LOGIN PASSWORD 'right'",
                "CREATE ROLE stranger SUPERUSER REPLICATION LOGIN",
                "CREATE ROLE reader SUPERUSER REPLICATION LOGIN",
                "CREATE TABLE document AS SELECT n, repeat('x', 500) AS body FROM generate_series(1, 5000) n",
                "CHECKPOINT");
        primary.admit(
                "host all clerk 127.0.0.1/32 scram-sha-256",
                "host replication clerk 127.0.0.1/32 scram-sha-256",
                "host all stranger 127.0.0.1/32 reject",
                "host replication reader 127.0.0.1/32 reject",
                "local all all trust",
                "host all all 127.0.0.1/32 trust",
                "host replication all 127.0.0.1/32 trust");
        primary.reload();
    }

    @AfterAll
    static void stopPrimary() {
        if (primary != null) {
            primary.close();
        }
    }

    @BeforeEach
    void makeHome() {
        understudy = new Understudy(home);
        work = primary.scratch("work");
        target = work.resolve("standby");
    }

    @AfterEach
    void nothingIsLeftOnThePrimary() throws IOException {
        EmbeddedBinaries.deleteTree(work);
        isAsBefore(primary);
    }

    private static void isAsBefore(EmbeddedPostgres server) {
        assertThat(server.query("SELECT string_agg(slot_name, ', ') FROM pg_replication_slots"))
                .as("slots that are left")
                .isNull();
        Awaitility.await("the end of our sessions, and of a backup with them")
                .atMost(Duration.ofSeconds(10))
                .until(() -> server.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'understudy'"
                                + " OR backend_type = 'walsender'")
                        .equals("0"));
    }

    private Map<String, String> parameters() {
        return new LinkedHashMap<>(Map.of(
                "primary", primary.conninfo(),
                "primary_host", "local",
                "via", "local",
                "data_directory", target.toString(),
                "bin_directory", primary.binDirectory().toString(),
                "socket_directory", primary.socketDirectory().toString()));
    }

    private Map<String, String> parameters(String... changed) {
        Map<String, String> parameters = parameters();
        for (int i = 0; i < changed.length; i += 2) {
            parameters.put(changed[i], changed[i + 1]);
        }
        return parameters;
    }

    private void refused(Map<String, String> parameters, String... words) {
        Map<String, String> before = TreeDigest.of(work);

        Ended ended = understudy.runPlaybook("standby", parameters);

        assertThat(ended.status()).as(ended.said()).isEqualTo(3);
        assertThat(ended.said()).contains(words);
        assertThat(TreeDigest.of(work)).isEqualTo(before);
    }

    private Ended undone(String playbook, Map<String, String> parameters, String... words) {
        Map<String, String> before = TreeDigest.of(work);

        Ended ended = understudy.runPlaybook(playbook, parameters);

        assertThat(ended.status()).as(ended.said()).isEqualTo(4);
        assertThat(ended.said()).contains(words);
        assertThat(TreeDigest.of(work)).isEqualTo(before);
        return ended;
    }

    /** The shipped playbook with a hook before one of its steps. */
    private String hooked(String step, String hook) throws IOException {
        String text = Playbooks.load("standby").text();
        assertThat(text).contains("  - " + step);
        Path file = home.resolve("hooked.yaml");
        Files.writeString(file, text.replace("  - " + step, "  - run: " + hook + "\n  - " + step));
        return file.toString();
    }

    @Test
    void aWrongPasswordIsRefusedAndNotShown() throws IOException {
        Path file = home.resolve(".pgpass");
        Files.writeString(file, "*:*:*:clerk:quite-wrong\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        refused(
                parameters("primary", primary.conninfo().replace("user=postgres", "user=clerk")),
                "password authentication failed for user \"clerk\"");

        assertThat(understudy.run("runs").said()).doesNotContain("quite-wrong");
    }

    @Test
    void aMissingPasswordIsRefused() {
        refused(parameters("primary", primary.conninfo().replace("user=postgres", "user=clerk")), "password", "clerk");
    }

    @Test
    void anUnknownRoleIsRefused() {
        refused(
                parameters("primary", primary.conninfo().replace("user=postgres", "user=nobody_at_all")),
                "nobody_at_all");
    }

    @Test
    void aLogInThatPgHbaRejectsIsRefused() {
        refused(
                parameters("primary", primary.conninfo().replace("user=postgres", "user=stranger")),
                "pg_hba.conf",
                "stranger");
    }

    @Test
    void aReplicationLogInThatPgHbaRejectsIsRefused() {
        refused(
                parameters("primary", primary.conninfo().replace("user=postgres", "user=reader")),
                "pg_hba.conf",
                "replication",
                "reader");
    }

    @Test
    void aPrimaryThatDoesNotAnswerIsRefused() {
        int free = EmbeddedPostgres.freePort();
        refused(parameters("primary", "host=127.0.0.1 user=postgres port=" + free), Integer.toString(free));
    }

    @Test
    void aTargetThatIsNotEmptyIsRefused() throws IOException {
        Files.createDirectories(target);
        Files.writeString(target.resolve("notes.txt"), "mine\n");
        Account.give(target);

        refused(parameters(), "\"" + target + "\"", "not empty");
    }

    /** The directory is root's, so the standby would be made by another account, which may not even look there. */
    @Test
    void aTargetThatTheAccountCannotReachIsRefused() throws IOException {
        Required.part("root", Account.isRoot(), "only root chooses an account for the standby");
        Files.createDirectories(target);

        refused(parameters(), "\"" + target + "\"", "may not be looked into");
    }

    @Test
    void aTargetThatIsAnotherClusterIsRefused() throws IOException {
        try (EmbeddedPostgres other = EmbeddedPostgres.of(MAJOR).initialize()) {
            Map<String, String> before = TreeDigest.of(other.dataDirectory());

            for (String playbook : new String[] {"standby", "reseed"}) {
                refusedPlaybook(playbook, other.dataDirectory());
                assertThat(TreeDigest.of(other.dataDirectory())).isEqualTo(before);
            }
        }
    }

    private void refusedPlaybook(String playbook, Path directory) {
        Ended ended = understudy.runPlaybook(playbook, parameters("data_directory", directory.toString()));

        assertThat(ended.status()).as(ended.said()).isEqualTo(3);
        assertThat(ended.said()).contains(directory.toString());
    }

    @Test
    void thePrimarysOwnDirectoryIsRefused() {
        refused(
                parameters("data_directory", primary.dataDirectory() + "/inside"),
                primary.dataDirectory().toString());
        assertThat(primary.dataDirectory().resolve("inside")).doesNotExist();
    }

    @Test
    void aSlotNameThatIsTakenIsRefusedAndTheSlotStays() {
        primary.execute("SELECT pg_create_physical_replication_slot('understudy')");
        try {
            refused(parameters(), "\"understudy\"", "slot");
            assertThat(primary.query("SELECT slot_name FROM pg_replication_slots"))
                    .isEqualTo("understudy");
        } finally {
            primary.execute("SELECT pg_drop_replication_slot('understudy')");
        }
    }

    @Test
    void programsOfAnotherMajorAreRefused() {
        refused(parameters("bin_directory", EmbeddedBinaries.installation(ServerMajor.V14) + "/bin"), "14", "15");
    }

    @Test
    void aDiskThatIsTooSmallIsRefused() {
        try (SmallFileSystem disk = SmallFileSystem.of(SmallFileSystem.Type.TMPFS, 24)) {
            refused(
                    parameters("data_directory", disk.mountPoint() + "/standby"),
                    disk.mountPoint().toString());
            assertThat(disk.mountPoint().resolve("standby")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "sql"})
    void aDiskThatFillsUpDuringTheCopyEndsWithAllUndone(String via) throws IOException {
        try (SmallFileSystem disk = SmallFileSystem.of(SmallFileSystem.Type.TMPFS, 400)) {
            Path ballast = disk.mountPoint().resolve("ballast");
            String hook = "{command: 'head -c 390M /dev/zero > " + ballast + "', undo: 'rm " + ballast + "'}";

            undone(
                    hooked("copy-data-directory", hook),
                    parameters("data_directory", disk.mountPoint() + "/standby", "via", via),
                    "No space left on device");

            assertThat(TreeDigest.of(disk.mountPoint())).hasSize(1);
        }
    }

    /** The page's LSN is older than the backup, so a page that was just being written cannot be the excuse. */
    @ParameterizedTest
    @ValueSource(strings = {"local", "sql"})
    void aCorruptPageOfTheSourceIsNamed(String via) throws IOException {
        Path file = primary.dataDirectory().resolve(primary.query("SELECT pg_relation_filepath('document')"));
        ByteBuffer right = exchange(file, 3 * 8192 + 4000, ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
        try {
            undone(
                    "standby",
                    parameters("via", via),
                    primary.dataDirectory().relativize(file).toString(),
                    "block 3",
                    "public.document");
        } finally {
            exchange(file, 3 * 8192 + 4000, right);
        }
    }

    private static ByteBuffer exchange(Path file, long offset, ByteBuffer bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer before = ByteBuffer.allocate(bytes.remaining());
            channel.read(before, offset);
            channel.write(bytes, offset);
            return before.flip();
        }
    }

    @Test
    void aSettingThatTheTargetsServerDoesNotKnowIsToldInItsWords() {
        undone("standby", parameters("settings", "nonsense=1"), "unrecognized configuration parameter \"nonsense\"");
    }

    @Test
    void aServerThatIsKilledWhileItStartsEndsWithAllUndone() throws IOException {
        String kill = "kill -KILL $(head -n 1 \"$UNDERSTUDY_DATA_DIRECTORY/postmaster.pid\")";
        undone("standby", parameters("start", script(kill)), "did not start");
    }

    @Test
    void aServerWhoseStartCommandFailsIsStoppedAgain() throws IOException {
        undone("standby", parameters("start", script("echo 'no luck' >&2; exit 7")), "status 7", "no luck");
    }

    /** A start command that starts the server, as whoever may, and then does something else. */
    private String script(String afterwards) throws IOException {
        Path file = home.resolve("start");
        Files.writeString(
                file,
                String.join(" ", Account.asServer(List.of(primary.binDirectory() + "/pg_ctl")))
                        + " -W -D \"$UNDERSTUDY_DATA_DIRECTORY\" -l \"$UNDERSTUDY_DATA_DIRECTORY/start.log\" start"
                        + " >/dev/null\nwhile ! [ -s \"$UNDERSTUDY_DATA_DIRECTORY/postmaster.pid\" ]; do :; done\n"
                        + afterwards + "\n");
        return "sh " + file;
    }

    @Test
    void anUnknownPlaybookParameterOrCommandIsAnErrorOfUsage() {
        assertThat(understudy.runPlaybook("stand-by", parameters()).status()).isEqualTo(2);
        Ended parameter = understudy.runPlaybook("standby", parameters("data_dir", "/tmp/x"));
        assertThat(parameter.status()).isEqualTo(2);
        assertThat(parameter.err()).contains("data_dir");
        Ended missing = understudy.run("run", "standby", "-e", "primary=" + primary.conninfo());
        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err()).contains("data_directory");
        assertThat(understudy.state().resolve("runs")).doesNotExist();
    }

    @Test
    void anSshServerThatIsNotKnownIsRefused() throws IOException {
        try (SshServer sshd = SshServer.start(home.resolve("sshd"))) {
            clientFiles("");
            refused(ssh(sshd), "host key", "127.0.0.1");
        }
    }

    @Test
    void anSshServerWithAnotherKeyThanTheKnownOneIsRefused() throws IOException {
        try (SshServer sshd = SshServer.start(home.resolve("sshd"));
                SshServer other = SshServer.start(home.resolve("other"))) {
            clientFiles(other.knownHostsLine("[127.0.0.1]:" + sshd.port()));

            refused(ssh(sshd), "HAS CHANGED", "127.0.0.1");
        }
    }

    /** The key is the account's own by its usual name, and the server does not know it. */
    @Test
    void anSshKeyThatTheServerDoesNotAdmitIsRefused() throws IOException {
        try (SshServer sshd = SshServer.start(home.resolve("sshd"))) {
            clientFiles(sshd.knownHostsLine("[127.0.0.1]:" + sshd.port()));
            SshServer.generateKey(home.resolve(".ssh/id_ed25519"), "ed25519");
            refused(ssh(sshd), "127.0.0.1");

            SshServer.authorize(home.resolve("sshd"), home.resolve(".ssh/id_ed25519.pub"));
            Ended ended = understudy.run(Understudy.command("plan", "standby", ssh(sshd)));
            assertThat(ended.status())
                    .as("once it is admitted: %s", ended.said())
                    .isZero();
        }
    }

    private Map<String, String> ssh(SshServer sshd) {
        return parameters("primary_host", sshd.address(), "via", "ssh");
    }

    private void clientFiles(String knownHosts) throws IOException {
        Files.createDirectories(home.resolve(".ssh"));
        Files.writeString(home.resolve(".ssh/known_hosts"), knownHosts);
    }

    /** The copy is slowed down, so that it is surely under way when the primary goes. */
    private Map<String, String> slowly(EmbeddedPostgres server) {
        return parameters(
                "primary", server.conninfo(),
                "bin_directory", server.binDirectory().toString(),
                "socket_directory", server.socketDirectory().toString(),
                "rate_limit", "3MB");
    }

    private Understudy.Running copying(EmbeddedPostgres server) {
        Understudy.Running run = understudy.start(Understudy.command("run", "standby", slowly(server)));
        Awaitility.await("the copy")
                .atMost(Duration.ofSeconds(60))
                .until(() -> !run.isAlive() || Files.exists(target.resolve("base")));
        assertThat(run.isAlive()).as(run.said()).isTrue();
        return run;
    }

    @Test
    void aPrimaryThatCrashesDuringTheCopyAndComesBackEndsWithAProvenStandby() {
        try (EmbeddedPostgres own = EmbeddedPostgres.of(MAJOR).start()) {
            Understudy.Running run = copying(own);
            own.crash();
            own.start();
            try {
                Ended ended = run.end();
                assertThat(ended.status()).as(ended.said()).isZero();
                assertThat(ended.out()).contains("Proven.");
            } finally {
                BuiltStandby.at(MAJOR, target, 0).close();
            }
        }
    }

    @Test
    void aPrimaryThatStaysAwayLeavesTheSlotAloneUntilAbort() throws IOException {
        try (EmbeddedPostgres own = EmbeddedPostgres.of(MAJOR).start()) {
            Understudy.Running run = copying(own);
            own.stop();

            Ended ended = run.end();
            assertThat(ended.status()).as(ended.said()).isEqualTo(5);
            assertThat(ended.said()).contains("understudy abort ", "\"understudy\"");

            own.start();
            Ended abort = understudy.run("abort", "standby");
            assertThat(abort.status()).as(abort.said()).isZero();
            isAsBefore(own);
            assertThat(target).doesNotExist();
        }
    }

    @Test
    void aRunKilledInTheCopyIsFinishedByResume() {
        Understudy.Running run = copying(primary);
        run.killGroup();

        Ended resumed = understudy.run("resume", "standby");
        try {
            assertThat(resumed.status()).as(resumed.said()).isZero();
            assertThat(resumed.out()).contains("Proven.");
            assertThat(primary.query("SELECT string_agg(slot_name || active, ',') FROM pg_replication_slots"))
                    .isEqualTo("understudytrue");
        } finally {
            BuiltStandby.at(MAJOR, target, 0).close();
            dropSlot();
        }
    }

    private static void dropSlot() {
        Awaitility.await("the slot to be free")
                .atMost(Duration.ofSeconds(10))
                .until(() -> "f".equals(primary.query("SELECT active FROM pg_replication_slots")));
        primary.execute("SELECT pg_drop_replication_slot('understudy')");
    }

    @Test
    void aRunKilledInTheCopyIsClearedAwayByAbort() {
        Map<String, String> before = TreeDigest.of(work);
        Understudy.Running run = copying(primary);
        run.killGroup();
        assertThat(primary.query("SELECT slot_name FROM pg_replication_slots")).isEqualTo("understudy");

        Ended aborted = understudy.run("abort", "standby");

        assertThat(aborted.status()).as(aborted.said()).isZero();
        assertThat(TreeDigest.of(work)).isEqualTo(before);
        isAsBefore(primary);
        assertThat(understudy.run("resume", "standby").status()).isEqualTo(3);
    }
}
