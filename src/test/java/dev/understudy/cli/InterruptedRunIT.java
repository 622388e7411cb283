package dev.understudy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.host.ssh.SshOptions;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.testing.BuiltStandby;
import dev.understudy.testing.EmbeddedPostgres;
import dev.understudy.testing.LeftBehind;
import dev.understudy.testing.SshServer;
import dev.understudy.testing.TreeDigest;
import dev.understudy.testing.Understudy;
import dev.understudy.testing.Understudy.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the copy is cut short by: the primary goes away, or Understudy itself is killed. */
final class InterruptedRunIT {
    private static final ServerMajor MAJOR = ServerMajor.V15;

    @TempDir
    private Path home;

    private Understudy understudy;
    private EmbeddedPostgres primary;
    private Path work;
    private Path target;

    @BeforeEach
    void startPrimary() {
        understudy = new Understudy(home);
        primary = EmbeddedPostgres.of(MAJOR).withChecksums().start();
        work = primary.scratch("work");
        target = work.resolve("standby");
    }

    @AfterEach
    void stopBoth() {
        BuiltStandby.at(MAJOR, target, 0).close();
        primary.close();
    }

    /** The copy is slowed down, so that it is surely under way when something happens. */
    private Understudy.Running copying() {
        return copying(Map.of());
    }

    private Understudy.Running copying(Map<String, String> changed) {
        Map<String, String> parameters = new LinkedHashMap<>(Map.of(
                "primary", primary.conninfo(),
                "primary_host", "local",
                "via", "local",
                "data_directory", target.toString(),
                "bin_directory", primary.binDirectory().toString(),
                "socket_directory", primary.socketDirectory().toString(),
                "rate_limit", "3MB"));
        parameters.putAll(changed);
        Understudy.Running run = understudy.start(Understudy.command("run", "standby", parameters));
        Awaitility.await("the copy")
                .atMost(Duration.ofSeconds(60))
                .until(() -> !run.isAlive() || Files.exists(target.resolve("base")));
        assertThat(run.isAlive()).as(run.said()).isTrue();
        return run;
    }

    private void isProven(Ended ended) {
        assertThat(ended.status()).as(ended.said()).isZero();
        assertThat(ended.out()).contains("Proven.");
        assertThat(primary.query("SELECT string_agg(slot_name || ' ' || active, ',') FROM pg_replication_slots"))
                .isEqualTo("understudy true");
    }

    @Test
    void aPrimaryThatCrashesAndComesBackEndsWithAProvenStandby() {
        Understudy.Running run = copying();
        primary.crash();
        primary.start();

        isProven(run.end());
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "sql"})
    void allSessionsThatAreTerminatedOnThePrimaryAreMadeAnew(String via) {
        Understudy.Running run = copying(Map.of("via", via));
        primary.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'understudy'");

        Ended ended = run.end();
        isProven(ended);
        assertThat(ended.out()).contains("backup started").contains(" 2\" with start");
    }

    @Test
    void anSshConnectionThatIsCutIsMadeAnew() {
        try (SshServer sshd = SshServer.start(home.resolve("sshd"))) {
            understudy.with(SshOptions.CONFIG_VARIABLE, sshd.config().toString());
            Understudy.Running run = copying(Map.of("via", "ssh", "primary_host", sshd.address()));
            sshd.dropSessions();

            isProven(run.end());
        }
    }

    @Test
    void aPrimaryThatStaysAwayLeavesItsSlotUntilAbort() {
        Map<String, String> before = TreeDigest.of(work);
        Understudy.Running run = copying(Map.of("retry_for", "3s"));
        primary.stop();

        Ended ended = run.end();
        assertThat(ended.status()).as(ended.said()).isEqualTo(5);
        assertThat(ended.said()).contains("understudy abort ", "\"understudy\"");

        primary.start();
        Ended abort = understudy.run("abort", "standby");
        assertThat(abort.status()).as(abort.said()).isZero();
        assertThat(TreeDigest.of(work)).isEqualTo(before);
        LeftBehind.nothingOn(primary);
    }

    @Test
    void aKilledRunIsFinishedByResume() {
        copying().killGroup();

        isProven(understudy.run("resume", "standby"));
    }

    @Test
    void aKilledRunIsClearedAwayByAbort() throws IOException {
        Map<String, String> before = TreeDigest.of(work);
        copying().killGroup();
        // What a kill leaves that falls between the making of a directory and its move to its place.
        Files.createDirectories(work.resolve("standby/.understudy.new"));
        assertThat(primary.query("SELECT slot_name FROM pg_replication_slots")).isEqualTo("understudy");

        Ended aborted = understudy.run("abort", "standby");

        assertThat(aborted.status()).as(aborted.said()).isZero();
        assertThat(TreeDigest.of(work)).isEqualTo(before);
        LeftBehind.nothingOn(primary);
        assertThat(aborted.out()).contains("Cleared away.");
        assertThat(understudy.run("report", "standby", "--format", "json").out())
                .as("as the command itself said")
                .containsPattern("\"exitCode\" ?: ?0");
        assertThat(understudy.run("resume", "standby").status()).isEqualTo(3);
    }

    @Test
    void ctrlCTakesEverythingBackAndIsNoFailure() {
        Map<String, String> before = TreeDigest.of(work);
        Understudy.Running run = copying();
        run.signal("INT");

        Ended ended = run.end();
        assertThat(ended.status()).as(ended.said()).isEqualTo(4);
        assertThat(ended.out()).contains("Interrupted, and undone.").doesNotContain("Failed");
        assertThat(ended.said()).containsOnlyOnce("error: ");
        assertThat(TreeDigest.of(work)).isEqualTo(before);
        LeftBehind.nothingOn(primary);
    }
}
