package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.Account;
import dev.understudy.testing.EmbeddedBinaries;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.LeftBehind;
import dev.understudy.testing.Required;
import dev.understudy.testing.SmallFileSystem;
import dev.understudy.testing.TreeDigest;
import dev.understudy.testing.Understudy.Ended;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
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

    private BadRun run;

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
        run = new BadRun(primary, home, primary.scratch("work"));
    }

    @AfterEach
    void nothingIsLeftOnThePrimary() throws IOException {
        EmbeddedBinaries.deleteTree(run.work());
        LeftBehind.nothingOn(primary);
    }

    @Test
    void aWrongPasswordIsRefusedAndNotShown() throws IOException {
        Path file = home.resolve(".pgpass");
        Files.writeString(file, "*:*:*:clerk:quite-wrong\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        run.refused(
                run.parameters("primary", primary.conninfo().replace("user=postgres", "user=clerk")),
                "password authentication failed for user \"clerk\"");

        assertThat(run.understudy().run("runs").said()).doesNotContain("quite-wrong");
    }

    @Test
    void aMissingPasswordIsRefused() {
        run.refused(
                run.parameters("primary", primary.conninfo().replace("user=postgres", "user=clerk")),
                "password",
                "clerk");
    }

    @Test
    void anUnknownRoleIsRefused() {
        run.refused(
                run.parameters("primary", primary.conninfo().replace("user=postgres", "user=nobody_at_all")),
                "nobody_at_all");
    }

    @Test
    void aLogInThatPgHbaRejectsIsRefused() {
        run.refused(
                run.parameters("primary", primary.conninfo().replace("user=postgres", "user=stranger")),
                "pg_hba.conf",
                "stranger");
    }

    @Test
    void aReplicationLogInThatPgHbaRejectsIsRefused() {
        run.refused(
                run.parameters("primary", primary.conninfo().replace("user=postgres", "user=reader")),
                "pg_hba.conf",
                "replication",
                "reader");
    }

    @Test
    void aPrimaryThatDoesNotAnswerIsRefused() {
        int free = EmbeddedPostgres.freePort();
        run.refused(run.parameters("primary", "host=127.0.0.1 user=postgres port=" + free), Integer.toString(free));
    }

    @Test
    void aTargetThatIsNotEmptyIsRefused() throws IOException {
        Files.createDirectories(run.target());
        Files.writeString(run.target().resolve("notes.txt"), "mine\n");
        Account.give(run.target());

        run.refused(run.parameters(), "\"" + run.target() + "\"", "not empty");
    }

    /** The directory is root's, so the standby would be made by another account, which may not even look there. */
    @Test
    void aTargetThatTheAccountCannotReachIsRefused() throws IOException {
        Required.part("root", Account.isRoot(), "only root chooses an account for the standby");
        Files.createDirectories(run.target());

        run.refused(run.parameters(), "\"" + run.target() + "\"", "may not be looked into");
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
        Ended ended = run.understudy().runPlaybook(playbook, run.parameters("data_directory", directory.toString()));

        assertThat(ended.status()).as(ended.said()).isEqualTo(3);
        assertThat(ended.said()).contains(directory.toString());
    }

    @Test
    void thePrimarysOwnDirectoryIsRefused() {
        run.refused(
                run.parameters("data_directory", primary.dataDirectory() + "/inside"),
                primary.dataDirectory().toString());
        assertThat(primary.dataDirectory().resolve("inside")).doesNotExist();
    }

    @Test
    void aSlotNameThatIsTakenIsRefusedAndTheSlotStays() {
        primary.execute("SELECT pg_create_physical_replication_slot('understudy')");
        try {
            run.refused(run.parameters(), "\"understudy\"", "slot");
            assertThat(primary.query("SELECT slot_name FROM pg_replication_slots"))
                    .isEqualTo("understudy");
        } finally {
            primary.execute("SELECT pg_drop_replication_slot('understudy')");
        }
    }

    @Test
    void programsOfAnotherMajorAreRefused() {
        run.refused(
                run.parameters("bin_directory", EmbeddedBinaries.installation(ServerMajor.V14) + "/bin"), "14", "15");
    }

    @Test
    void aDiskThatIsTooSmallIsRefused() {
        try (SmallFileSystem disk = SmallFileSystem.of(SmallFileSystem.Type.TMPFS, 24)) {
            run.refused(
                    run.parameters("data_directory", disk.mountPoint() + "/standby"),
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

            run.undone(
                    run.hooked("copy-data-directory", hook),
                    run.parameters("data_directory", disk.mountPoint() + "/standby", "via", via),
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
            run.undone(
                    "standby",
                    run.parameters("via", via),
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
        run.undone(
                "standby",
                run.parameters("settings", "nonsense=1"),
                "unrecognized configuration parameter \"nonsense\"");
    }

    @Test
    void aServerThatIsKilledWhileItStartsEndsWithAllUndone() throws IOException {
        String kill = "kill -KILL $(head -n 1 \"$UNDERSTUDY_DATA_DIRECTORY/postmaster.pid\")";
        run.undone("standby", run.parameters("start", script(kill)), "did not start");
    }

    @Test
    void aServerWhoseStartCommandFailsIsStoppedAgain() throws IOException {
        run.undone("standby", run.parameters("start", script("echo 'no luck' >&2; exit 7")), "status 7", "no luck");
    }

    /** A start command that starts the server, as whoever may, and then does something else. */
    private String script(String afterwards) throws IOException {
        Path file = home.resolve("start");
        Files.writeString(
                file,
                String.join(" ", Account.asServer(List.of(primary.binDirectory() + "/pg_ctl")))
                        + " -W -D \"$UNDERSTUDY_DATA_DIRECTORY\" -l /dev/null start"
                        + " >/dev/null\nwhile ! [ -s \"$UNDERSTUDY_DATA_DIRECTORY/postmaster.pid\" ]; do :; done\n"
                        + afterwards + "\n");
        return "sh " + file;
    }

    @Test
    void anUnknownPlaybookParameterOrCommandIsAnErrorOfUsage() {
        assertThat(run.understudy().runPlaybook("stand-by", run.parameters()).status())
                .isEqualTo(2);
        Ended parameter = run.understudy().runPlaybook("standby", run.parameters("data_dir", "/tmp/x"));
        assertThat(parameter.status()).isEqualTo(2);
        assertThat(parameter.err()).contains("data_dir");
        Ended missing = run.understudy().run("run", "standby", "-e", "primary=" + primary.conninfo());
        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err()).contains("data_directory");
        assertThat(run.understudy().state().resolve("runs")).doesNotExist();
    }
}
